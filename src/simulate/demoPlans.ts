// For: the action plans that the simulated company makes with customers who are unhappy with the whole.
// In: cases that were opened, in virtual time. Out: plans with their items, how they go, and the mail about it.
import { followUpPlan } from '../improve/planFollowUp.ts'
import { changePlan, createPlan, type ItemState, readPlan } from '../improve/plans.ts'
import type { CheckedProgram } from '../program/checked.ts'
import { knownLanguage } from '../program/question.ts'
import type { LanguageCode } from '../program/schema.ts'
import type { Programs } from '../program/store.ts'
import type { Announce } from '../storage/jobs.ts'
import type { Database, Row, Tx } from '../storage/postgres.ts'
import { atWork, officeHours } from './officeHours.ts'

interface Unhappy extends Row {
  caseId: string
  contactId: string
  owner: string
  ownerName: string
  from: Date
  language: string | null
  unitKey: string | null
}

const day = 24 * 3_600_000
const dayOf = (at: Date) => at.toISOString().slice(0, 10)

/** Makes a plan for each of these cases that is about the agreement as a whole, once the customer has been reached; items that are due before `until` are
 * done by then. Running it again makes none twice.
 */
export async function planForDemoCases(
  parts: { database: Database; programs: Programs; announce: Announce },
  workspaceId: string,
  caseIds: readonly string[],
  until: Date,
): Promise<void> {
  const checked = await parts.programs.active(workspaceId)
  await parts.database.inWorkspace(workspaceId, async (tx) => {
    const cases = await tx.query<Unhappy>(
      `select c.case_id as "caseId", c.contact_id as "contactId", c.owner, c.owner_name as "ownerName",
         coalesce(c.first_contacted_at, c.contacted_at) as "from", p.language, c.unit_key as "unitKey"
       from cases c join responses r on r.response_id = c.response_id join contacts p on p.contact_id = c.contact_id
       where c.case_id = any($1::uuid[]) and r.survey = 'relationship'
         and c.owner is not null and c.contacted_at is not null and not exists (select from plans o where o.case_id = c.case_id)`,
      [caseIds],
    )
    for (const each of cases) await plan(tx, parts, checked, each, until)
  })
}

async function plan(
  tx: Tx,
  parts: { announce: Announce },
  checked: CheckedProgram,
  { caseId, contactId, owner, ownerName, from, language, unitKey }: Unhappy,
  until: Date,
): Promise<void> {
  const working = officeHours(checked.program, unitKey)
  const after = (days: number) => atWork(working, new Date(from.getTime() + days * day))
  const doingAt = (at: Date) => ({
    actor: { id: owner, name: ownerName },
    scope: {},
    clock: { now: () => at },
  })
  if (after(2) > until) return
  const said = words[knownLanguage(language ?? undefined)]
  const due = [14, 30, 75]
  const itemsAt = (at: Date) =>
    said.items.map((what, place) => ({
      ...{ what, who: owner, whoName: ownerName, dueOn: dayOf(after(due[place]!)) },
      state: (after(due[place]! - 3) <= at ? 'done' : 'open') as ItemState,
    }))
  const fields = { title: said.title, owner, ownerName, items: itemsAt(after(2)) }
  const planId = await createPlan(tx, { ...fields, contactId, caseId }, doingAt(after(2)))
  for (const at of due.map(after)) {
    if (at > until) return
    const { items, revision } = await readPlan(tx, planId, {})
    const moved = items.map((item, place) => ({ ...item, state: itemsAt(at)[place]!.state }))
    const isDone = moved.every(({ state }) => state === 'done')
    await changePlan(
      tx,
      planId,
      { items: moved, ...(isDone ? { state: 'closed' as const } : {}) },
      revision,
      doingAt(at),
    )
    if (at.getTime() === after(due[1]!).getTime()) {
      const letter = { subject: said.subject, body: said.body, sendAt: at }
      await followUpPlan(tx, { ...parts, clock: doingAt(at).clock }, checked, planId, letter, doingAt(at))
    }
  }
}

const words: Record<LanguageCode, { title: string; items: string[]; subject: string; body: string }> = {
  en: {
    title: 'What we agreed on before the renewal',
    items: [
      'One technician who knows the house',
      'A call the day before each visit',
      'Go through the agreement together',
    ],
    subject: 'How far we have come',
    body: 'This is where we stand with what we agreed on. Answer this mail if something is missing.',
  },
  sv: {
    title: 'Det vi kom överens om inför förnyelsen',
    items: [
      'En tekniker som känner huset',
      'Ett samtal dagen före varje besök',
      'Gå igenom avtalet tillsammans',
    ],
    subject: 'Så långt har vi kommit',
    body: 'Här står vi med det vi kom överens om. Svara på mejlet om något saknas.',
  },
  nb: {
    title: 'Det vi ble enige om før fornyelsen',
    items: ['En tekniker som kjenner huset', 'En telefon dagen før hvert besøk', 'Gå gjennom avtalen sammen'],
    subject: 'Så langt har vi kommet',
    body: 'Her står vi med det vi ble enige om. Svar på e-posten hvis noe mangler.',
  },
}
