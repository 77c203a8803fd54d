import { stableId } from '../../src/base/ids.ts'
import { silentLog } from '../../src/base/log.ts'
import { judgeDeadlines } from '../../src/cases/deadlines.ts'
import { openCases } from '../../src/cases/open.ts'
import { tellOpened } from '../../src/cases/tellOpened.ts'
import { codeComments } from '../../src/comments/code.ts'
import type { News } from '../../src/storage/jobs.ts'
import { openWorkshop, shop } from '../workshop.ts'

/** The repair shop with a whole recovery policy: people, hours, caps, replies. */
export const recoveryShop = (recovery: string, employees = staff) =>
  shop
    .replace(/units:[\s\S]*?touchpoints:/, () => `${organisation}${employees}\ntouchpoints:`)
    .replace(/recovery:[\s\S]*$/, () => recovery)
    .replace('contacts:\n', () => 'contacts:\n  owner: seller\n')
    .replace('tier: {', () => 'seller: { type: text }\n    tier: {')

const organisation = `units:
  levels: [region, team]
  list:
    - { key: north, level: region, name: North }
    - { key: team1, level: team, name: Team one, parent: north }
    - { key: team2, level: team, name: Team two, parent: north }
`
export const staff = `employees:
  - { key: nora, name: Nora, email: nora@shop.invalid, unit: north, role: manager }
  - { key: kari, name: Kari, email: kari@shop.invalid, unit: team1, role: manager, language: nb }
  - { key: anna, name: Anna, email: anna@shop.invalid, unit: team1, functions: [agent] }
  - { key: bo, name: Bo, email: bo@shop.invalid, unit: team1, functions: [agent] }
  - { key: pia, name: Pia, email: pia@shop.invalid, unit: north, functions: [productOwner] }`

export interface Given {
  customer?: string | null
  answers?: Record<string, unknown>
  comment?: string
  unit?: string | null
  employee?: string
  at?: Date
  fields?: Record<string, string>
  email?: string | null
  unsubscribed?: boolean
  phone?: string
}

/** A workspace with that policy, in which customers answer and time passes. */
export async function openRecovery(start: string, program: string) {
  const workshop = await openWorkshop(start, program)
  const { database, workspaceId, clock, programs, rows } = workshop
  const parts = { ...workshop, log: silentLog }
  let answered = 0

  async function insert(tx: Parameters<Parameters<typeof database.inWorkspace>[1]>[0], given: Given) {
    const { version } = await programs.activeIn(tx)
    const { customer = `customer ${++answered}`, at = clock.now(), answers = { recommend: 2 } } = given
    const responseId = stableId(workspaceId, 'response', String(++answered))
    const contactId = customer === null ? null : stableId(workspaceId, 'contact', customer)
    if (contactId !== null)
      await tx.query(
        `insert into contacts (workspace_id, contact_id, contact_key, name, email, phone, fields, unsubscribed_at,
           created_at) values ($1, $2, $3, $3, $4, $5, $6, $7, $8)
         on conflict (workspace_id, contact_id) do nothing`,
        [
          workspaceId,
          contactId,
          customer,
          given.email === undefined ? `${customer!.replaceAll(' ', '.')}@example.org` : given.email,
          given.phone ?? '+46 1',
          given.fields ?? {},
          given.unsubscribed ? at : null,
          at,
        ],
      )
    const context = {
      at: at.toISOString(),
      ...(customer === null ? {} : { contact: { key: customer, fields: given.fields ?? {} } }),
    }
    await tx.query(
      `insert into responses (workspace_id, response_id, survey, touchpoint, contact_id, unit_key, employee_key, way_in,
         state, language, started_at, answered_at, answers, comment, context, version)
       values ($1, $2, 'repair', 'repair', $3, $4, $5, $11, 'completed', 'en', $6, $6, $7, $8, $9, $10)`,
      [
        workspaceId,
        responseId,
        contactId,
        given.unit === undefined ? 'team1' : given.unit,
        given.employee ?? null,
        at,
        answers,
        given.comment ?? null,
        context,
        version,
        // Whoever says when has it from elsewhere.
        given.at ? 'import' : 'api',
      ],
    )
    return responseId
  }

  /** Answers come in; nothing is decided yet. */
  const given = (...all: Given[]) =>
    database.inWorkspace(workspaceId, async (tx) => {
      const ids: string[] = []
      for (const each of all) ids.push(await insert(tx, each))
      return ids
    })

  return {
    ...workshop,
    parts,
    given,
    /** Answers come in and are decided about together. */
    async answer(...all: Given[]) {
      const ids = await given(...all)
      await codeComments(parts, workspaceId, ids)
      await openCases(parts, workspaceId, ids)
      return ids
    },
    decide: (ids: readonly string[]) => openCases(parts, workspaceId, ids),
    judge: () => judgeDeadlines(parts, workspaceId),
    notify: async () => {
      const cases = await rows<{ id: string }>('select case_id as id from cases')
      await tellOpened(
        parts,
        workspaceId,
        cases.map(({ id }) => id),
      )
    },
    moveTo: (time: string) => clock.moveTo(new Date(time)),
    decisions: () =>
      rows<{ rule: string | null; handling: string; reason: string; case_id: string | null }>(
        'select rule, handling, reason, case_id from recovery_decisions d join responses r using (response_id) order by r.answered_at, r.response_id',
      ),
    /** The history of all cases as `kind at`, in order. */
    history: async () =>
      (
        await rows<{ kind: string; at: Date; detail: Record<string, unknown> | null; revision: number }>(
          'select kind, at, detail, revision from case_events order by case_id, revision',
        )
      ).map(({ kind, at }) => `${kind} ${at.toISOString().slice(0, 16)}`),
    mails: async () =>
      (
        await rows<{ kind: string; recipient: string }>(
          `select kind, recipient from messages where state <> 'withdrawn' order by kind, recipient`,
        )
      ).map(({ kind, recipient }) => `${kind} ${recipient.split('@')[0]}`),
    /** Runs the deadlines as the loop would, by the lane's jobs; returns what news came up. */
    async drain() {
      const seen: string[] = []
      await workshop.lane.drain(async (kind: string, _: string, news: News[]) => {
        seen.push(kind)
        if (kind === 'cases.due') await judgeDeadlines(parts, workspaceId)
        if (kind === 'case.opened')
          await tellOpened(
            parts,
            workspaceId,
            news.flatMap((each) => each.caseIds as string[]),
          )
      })
      return seen
    },
  }
}
export type Recovery = Awaited<ReturnType<typeof openRecovery>>
