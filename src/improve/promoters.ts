// For: doing something with those who are content: thanks, reference, referral, review, upsell.
// In: completed answers, the program's rules. Out: one act for each answer and rule; mails; leads for the owner.
import { addDuration, type Clock, timeOfWork } from '../base/clock.ts'
import { newToken, stableId } from '../base/ids.ts'
import type { Log } from '../base/log.ts'
import { isTooOld } from '../cases/policy.ts'
import { fillLetter } from '../cases/template.ts'
import type { Note } from '../channels/note.ts'
import { type NewMessage, queueMessages } from '../channels/queue.ts'
import { mailColleagueAt } from '../people/quiet.ts'
import { accountOwnerOf, type Person, resolvePeople } from '../people/who.ts'
import type { CheckedProgram } from '../program/checked.ts'
import { knownLanguage } from '../program/question.ts'
import type { PromoterKind, PromoterRule } from '../program/schema-improve.ts'
import { scoreOf } from '../program/score.ts'
import type { Programs } from '../program/store.ts'
import type { Announce } from '../storage/jobs.ts'
import { appendOutbox } from '../storage/outbox.ts'
import type { Database, Tx } from '../storage/postgres.ts'
import { type Answered, readAnswered, variablesOf } from './concerned.ts'
import {
  holds,
  judgeReach,
  type OutreachReason,
  type Reachable,
  readReachable,
  writableFrom,
} from './outreach.ts'
import { improveWords } from './wording.ts'

export interface PromoterParts {
  database: Database
  clock: Clock
  programs: Programs
  announce: Announce
  log: Log
}

const usualOwner = ['accountOwner', 'unitManager']
const usualAgain = { thanks: 'P30D', other: 'P1Y' } as const

interface Act {
  id: string
  rule: PromoterRule
  answer: Answered
  checked: CheckedProgram
  token: string | null
  state: 'sent' | 'withheld' | 'open'
  reason: OutreachReason | null
  owner: Person | undefined
}

/** Does what the rules say about these answers: of each the first rule that holds and mails, and every upsell.
 * Running it again does nothing twice. A mail soon after another waits until it may be sent.
 */
export async function activatePromoters(
  parts: PromoterParts,
  workspaceId: string,
  responseIds: readonly string[],
): Promise<void> {
  const { program } = await parts.programs.active(workspaceId)
  if (!program.promoters) return
  await parts.database.inWorkspace(workspaceId, async (tx) => {
    const now = parts.clock.now()
    const answered = await readAnswered(tx, responseIds)
    const wanted: Array<{ answer: Answered; rule: PromoterRule; checked: CheckedProgram }> = []
    for (const answer of answered) {
      const checked = await parts.programs.version(workspaceId, answer.version)
      for (const rule of rulesFor(checked, answer, now)) wanted.push({ answer, rule, checked })
    }
    if (wanted.length === 0) return
    const people = await readReachable(
      tx,
      wanted.flatMap(({ answer }) => answer.contactId ?? []),
      now,
    )
    const earlier = await earlierActs(tx, [...people.keys()])
    const owners = await ownersOf(tx, wanted, now)
    const acts = wanted.map(({ answer, rule, checked }, index): Act => {
      const person = people.get(answer.contactId ?? '')
      const own = { id: stableId(workspaceId, 'promoter', rule.id, answer.responseId), rule, answer, checked }
      if (isTooOld(checked.program, answer, timeOfWork(parts.clock, answer.answeredAt)))
        return { ...own, token: null, state: 'withheld', reason: 'tooOld', owner: undefined }
      if (rule.do === 'upsell')
        return { ...own, token: null, state: 'open', reason: null, owner: owners.get(index) }
      const asked = earlier.filter(
        (each) => each.contactId === answer.contactId && each.responseId !== answer.responseId,
      )
      const reason = judgeAct(own, person, asked, now)
      if (reason) return { ...own, token: null, state: 'withheld', reason, owner: undefined }
      // Another answer of the same person may stand in the same batch.
      if (answer.contactId !== null) {
        earlier.push({ contactId: answer.contactId, responseId: answer.responseId, kind: rule.do, at: now })
      }
      return { ...own, token: newToken(), state: 'sent', reason: null, owner: undefined }
    })
    const stored = await storeActs(tx, acts, now)
    const messages: NewMessage[] = []
    for (const act of acts) {
      const token = stored.get(act.id)
      if (token === undefined) continue
      const person = people.get(act.answer.contactId ?? '')
      if (act.state === 'sent' && person?.email) messages.push(customerMail(act, person, token, now))
      if (act.state === 'open' && act.owner?.email)
        messages.push({
          ...ownerMail(act, person, act.owner),
          sendAt: mailColleagueAt(program, act.owner, now),
        })
    }
    await queueMessages(tx, parts, messages)
  })
}

function rulesFor(checked: CheckedProgram, answer: Answered, now: Date): PromoterRule[] {
  const rules = checked.program.promoters?.rules ?? []
  if (rules.length === 0) return []
  const variables = variablesOf(checked, answer, now)
  const held = rules.filter((rule) => holds(checked, rule.when, variables))
  const mail = held.find((rule) => rule.do !== 'upsell')
  return held.filter((rule) => rule.do === 'upsell' || rule === mail)
}

interface Earlier {
  contactId: string
  responseId: string
  kind: PromoterKind
  at: Date
  [column: string]: unknown
}

function earlierActs(tx: Tx, contactIds: readonly string[]): Promise<Earlier[]> {
  return tx.query<Earlier>(
    `select contact_id as "contactId", response_id as "responseId", kind, at from promoter_acts
     where workspace_id = $1 and state <> 'withheld'
     and contact_id = any($2::uuid[])`,
    [tx.workspaceId, contactIds],
  )
}

function judgeAct(
  { rule, checked }: Pick<Act, 'rule' | 'checked'>,
  person: Reachable | undefined,
  asked: readonly Earlier[],
  now: Date,
): OutreachReason | undefined {
  if (!person) return 'noAddress'
  const reach = judgeReach(checked, person, now)
  if (reach) return reach
  if (person.openCase) return 'openCase'
  const again = rule.again ?? (rule.do === 'thanks' ? usualAgain.thanks : usualAgain.other)
  const zone = checked.program.workspace.timeZone
  const lately = asked.some(({ kind, at }) => kind === rule.do && now < addDuration(at, again, zone))
  return lately ? 'askedBefore' : undefined
}

/** By the index of what is wanted: who gets the lead. */
async function ownersOf(
  tx: Tx,
  wanted: ReadonlyArray<{ answer: Answered; rule: PromoterRule; checked: CheckedProgram }>,
  at: Date,
): Promise<Map<number, Person>> {
  const asks = wanted.flatMap(({ answer, rule, checked }, index) =>
    rule.do !== 'upsell'
      ? []
      : (rule.to ?? usualOwner).map((who) => ({
          index,
          who,
          unitKey: answer.unitKey,
          employeeKey: answer.employeeKey,
          accountOwner: accountOwnerOf(checked.program, answer.context),
          at,
          present: true,
        })),
  )
  const owners = new Map<number, Person>()
  if (asks.length === 0) return owners
  const found = await resolvePeople(tx, asks)
  for (const [place, { index }] of asks.entries()) {
    const [person] = found[place]?.people ?? []
    if (person && !owners.has(index)) owners.set(index, person)
  }
  return owners
}

/** @returns the tokens of those that are new, by id; '' where there is none */
async function storeActs(tx: Tx, acts: readonly Act[], at: Date): Promise<Map<string, string>> {
  const rows = acts.map((act) => ({
    id: act.id,
    rule: act.rule.id,
    kind: act.rule.do,
    response: act.answer.responseId,
    contact: act.answer.contactId,
    account: act.answer.accountId,
    unit: act.answer.unitKey,
    state: act.state,
    reason: act.reason,
    token: act.token,
    owner: act.owner?.key ?? null,
    owner_name: act.owner?.name ?? null,
    version: act.checked.version,
  }))
  const stored = await tx.query<{ id: string; token: string | null }>(
    `insert into promoter_acts (workspace_id, act_id, rule, kind, response_id, contact_id, account_id, unit_key, state,
       reason, token, owner, owner_name, at, version)
     select $1::uuid, r.id, r.rule, r.kind, r.response, r.contact, r.account, r.unit, r.state, r.reason, r.token, r.owner,
       r.owner_name, $2::timestamptz, r.version
     from json_to_recordset($3::json) as r(id uuid, rule text, kind text, response uuid, contact uuid, account uuid,
       unit text, state text, reason text, token text, owner text, owner_name text, version text)
     on conflict do nothing returning act_id as id, token`,
    [tx.workspaceId, at, JSON.stringify(rows)],
  )
  const fresh = new Map(stored.map(({ id, token }) => [id, token ?? '']))
  const changed = acts.filter(({ id, state }) => fresh.has(id) && state !== 'withheld')
  await appendOutbox(tx, 'response', [...new Set(changed.map(({ answer }) => answer.responseId))])
  return fresh
}

const linked: Partial<Record<PromoterKind, 'answer' | 'pass' | 'review'>> = {
  reference: 'answer',
  referral: 'pass',
  review: 'review',
}

function customerMail(act: Act, person: Reachable, token: string, now: Date): NewMessage {
  const { rule, checked, answer } = act
  const language = knownLanguage(person.language ?? answer.language)
  const template = checked.program.promoters?.templates?.[rule.template ?? '']
  const about = { context: answer.context, customer: person, ownerName: null }
  const { subject, body } = fillLetter(checked, template ?? { subject: '', body: '' }, about, language)
  const label = linked[rule.do]
  const note: Note = {
    ...{ language, subject, title: subject, intro: body },
    ...(label ? { action: { label: improveWords[language][label], path: `/r/${token}` } } : {}),
    consentOf: person.contactId,
  }
  const sendAt = writableFrom(checked, person)
  return {
    ...{ kind: 'promoter', aboutId: act.id, recipient: person.email as string, note },
    ...(sendAt > now ? { sendAt } : {}),
  }
}

function ownerMail(act: Act, person: Reachable | undefined, owner: Person): NewMessage {
  const { answer, checked } = act
  const language = knownLanguage(owner.language ?? checked.program.workspace.languages[0])
  const words = improveWords[language]
  const score = scoreOf(checked.program, answer.survey, answer.answers)
  const name = answer.context.account?.name ?? person?.name ?? answer.context.contact?.key ?? ''
  const subject = words.upsellSubject(name)
  const note: Note = {
    ...{ language, subject, title: subject, intro: words.upsellIntro },
    ...(score ? { rows: [[words.upsellScore, String(score.value)] as const] } : {}),
    ...(answer.comment ? { quotes: [{ text: answer.comment }] } : {}),
    ...(answer.contactId
      ? { action: { label: words.upsellOpen, path: `/customers/${answer.contactId}` } }
      : {}),
  }
  return { kind: 'promoter', aboutId: act.id, recipient: owner.email as string, note }
}
