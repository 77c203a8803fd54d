import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { VirtualClock } from '../../src/base/clock.ts'
import { stableId } from '../../src/base/ids.ts'
import type { InsightParts } from '../../src/insight/parts.ts'
import type { Context, Values } from '../../src/program/context.ts'
import type { Program } from '../../src/program/schema.ts'
import { openColumns } from '../../src/storage/columns.ts'
import { migrate } from '../../src/storage/migrate.ts'
import { appendOutbox, type FactKind } from '../../src/storage/outbox.ts'
import { openPostgres, type Tx } from '../../src/storage/postgres.ts'
import { openStore } from '../cluster.ts'

/** A small service company: visits at units of two levels, three surveys' worth of question kinds. */
export const visitProgram = (): Program =>
  ({
    samklang: 1,
    workspace: { name: 'Visits', languages: ['en', 'sv'], timeZone: 'Europe/Stockholm' },
    contacts: {
      as: 'customer',
      fields: {
        state: { type: 'category', label: { en: 'State', sv: 'Delstat' } },
        email: { type: 'text', personal: true },
        age: { type: 'number' },
      },
    },
    accounts: { fields: { tier: { type: 'category' } } },
    units: {
      levels: ['market', 'team'],
      list: [
        { key: 'se', level: 'market', name: 'Sweden' },
        { key: 'no', level: 'market', name: 'Norway' },
        { key: 'se-north', level: 'team', name: 'North', parent: 'se' },
        { key: 'se-south', level: 'team', name: 'South', parent: 'se' },
        { key: 'no-west', level: 'team', name: 'West', parent: 'no' },
      ],
    },
    transactions: {
      visit: {
        label: 'Visit',
        fields: {
          price: { type: 'number', unit: 'SEK' },
          outcome: { type: 'category', values: ['on time', 'late'] },
          urgent: { type: 'boolean' },
          doneAt: { type: 'time' },
          note: { type: 'text' },
        },
      },
    },
    events: {},
    touchpoints: { visit: { name: 'Visit' } },
    metrics: {
      nps: { kind: 'nps', questions: ['visit.recommend'] },
      csat: { kind: 'csat', questions: ['visit.satisfied'], label: 'Satisfaction' },
      ces: { kind: 'ces', questions: ['visit.easy'] },
      speed: { kind: 'mean', questions: ['visit.speed'] },
      both: { kind: 'mean', questions: ['visit.satisfied', 'visit.easy'] },
      friendly: { kind: 'share', questions: ['visit.why'], counts: ['staff'] },
      fixed: { kind: 'share', questions: ['visit.fixed'], counts: ['yes'] },
    },
    surveys: {
      visit: {
        name: 'After the visit',
        touchpoint: 'visit',
        kind: 'transactional',
        questions: [
          { id: 'recommend', kind: 'nps' },
          { id: 'satisfied', kind: 'csat' },
          { id: 'easy', kind: 'ces' },
          { id: 'speed', kind: 'rating' },
          {
            id: 'fixed',
            kind: 'choice',
            choices: [
              { value: 'yes', text: 'Yes' },
              { value: 'no', text: 'No' },
            ],
          },
          {
            id: 'why',
            kind: 'multiChoice',
            choices: [
              { value: 'staff', text: 'Staff' },
              { value: 'price', text: 'Price' },
            ],
          },
          { id: 'comment', kind: 'text' },
          { id: 'call', kind: 'contactMe' },
        ],
      },
    },
  }) as unknown as Program

export interface Answered {
  id: string
  at?: string
  answers: Record<string, unknown>
  customer?: string
  visit?: string
  frozenVisit?: Values
  unit?: string
  state?: 'partial' | 'completed'
  comment?: string
  invitation?: string
  survey?: string
  /** The last question answered. */
  last?: string
}

export const ws = '0190c6a0-0000-7000-8000-0000000000aa'
export const idOf = (kind: string, key: string) => stableId(ws, kind, key)

/** Opens both stores in temporary folders, with one workspace that has units. One per process: chDB has one folder. */
export async function openWorkspace(program: Program, server?: { url: string; stop(): Promise<void> }) {
  const clock = new VirtualClock(new Date('2026-03-01T12:00:00Z'))
  const database = server ? openPostgres(server.url, clock) : await openStore(undefined, clock)
  await migrate(database)
  const columns = openColumns({ folder: mkdtempSync(join(tmpdir(), 'samklang-facts-')) })
  const active = { program, version: 'v1', contactName: program.contacts?.as ?? 'customer' }
  const parts: InsightParts = {
    database,
    columns,
    clock,
    programs: { active: async () => active },
  }
  await database.asOwner(async (tx) => {
    await tx.query(
      `insert into workspaces (workspace_id, slug, name, created_at) values ($1, 'visits', 'Visits', $2)`,
      [ws, clock.now()],
    )
  })
  await database.inWorkspace(ws, async (tx) => {
    for (const unit of program.units?.list ?? []) await putUnit(tx, unit)
  })
  const close = async () => {
    await columns.close()
    await database.close()
    await server?.stop()
  }
  return { clock, database, columns, parts, active, close }
}

export type Workspace = Awaited<ReturnType<typeof openWorkspace>>

async function putUnit(
  tx: Tx,
  unit: { key: string; level: string; name: string; parent?: string | undefined },
) {
  await tx.query(`insert into units values ($1, $2, $3, $4, $5, $6::text[])`, [
    ws,
    unit.key,
    unit.parent ?? null,
    unit.level,
    unit.name,
    unit.parent ? [unit.parent, unit.key] : [unit.key],
  ])
}

export async function putCustomer(tx: Tx, key: string, fields: Values) {
  await tx.query(
    `insert into contacts (workspace_id, contact_id, contact_key, name, email, fields, created_at)
     values ($1, $2, $3, 'Someone', 'someone@example.com', $4, '2026-01-01')
     on conflict (workspace_id, contact_id) do update set fields = excluded.fields`,
    [ws, idOf('contact', key), key, JSON.stringify(fields)],
  )
}

export async function putVisit(tx: Tx, key: string, customer: string, fields: Values) {
  await tx.query(
    `insert into transactions (workspace_id, transaction_id, type, transaction_key, contact_id, fields, field_times,
       started_at, changed_at)
     values ($1, $2, 'visit', $3, $4, $5, '{}', '2026-01-01', '2026-01-01')
     on conflict (workspace_id, transaction_id) do update set fields = excluded.fields`,
    [ws, idOf('visit', key), key, idOf('contact', customer), JSON.stringify(fields)],
  )
}

export async function putResponse(tx: Tx, given: Answered) {
  const context: Context = { at: '2026-01-01T00:00:00.000Z' }
  if (given.visit && given.frozenVisit) {
    context.transaction = { type: 'visit', key: given.visit, fields: given.frozenVisit }
  }
  await tx.query(
    `insert into responses (workspace_id, response_id, invitation_id, survey, touchpoint, contact_id, transaction_id,
       unit_key, way_in, state, language, started_at, answered_at, answers, comment, context, version, last_question)
     values ($1, $2, $3, $13, 'visit', $4, $5, $6, 'survey', $7, 'sv', $8, $8, $9, $10, $11, $12, $14)
     on conflict (workspace_id, response_id) do update set answers = excluded.answers, state = excluded.state,
       answered_at = excluded.answered_at, unit_key = excluded.unit_key, last_question = excluded.last_question`,
    [
      ws,
      idOf('response', given.id),
      given.invitation ? idOf('invitation', given.invitation) : null,
      given.customer ? idOf('contact', given.customer) : null,
      given.visit ? idOf('visit', given.visit) : null,
      given.unit ?? null,
      given.state ?? 'completed',
      new Date(given.at ?? '2026-02-01T10:00:00Z'),
      JSON.stringify(given.answers),
      given.comment ?? null,
      JSON.stringify(context),
      'v1',
      given.survey ?? 'visit',
      given.last ?? null,
    ],
  )
  await appendOutbox(tx, 'response', [idOf('response', given.id)])
}

/** A decision, with its invitation when it was to invite. */
export async function putDecision(
  tx: Tx,
  given: { id: string; customer: string; at?: string; unit?: string; reason?: string; sent?: boolean },
) {
  const at = new Date(given.at ?? '2026-01-20T10:00:00Z')
  const invited = given.reason === undefined
  await tx.query(
    `insert into decisions (workspace_id, decision_id, trigger, survey, contact_id, decided_at, outcome, reason,
       invitation_id, unit_key, version) values ($1, $2, 'afterVisit', 'visit', $3, $4, $5, $6, $7, $8, 'v1')`,
    [
      ws,
      idOf('decision', given.id),
      idOf('contact', given.customer),
      at,
      invited ? 'invited' : 'withheld',
      given.reason ?? null,
      invited ? idOf('invitation', given.id) : null,
      given.unit ?? null,
    ],
  )
  if (invited) {
    await tx.query(
      `insert into invitations (workspace_id, invitation_id, decision_id, token, contact_id, trigger, survey,
         touchpoint, language, state, due_at, sent_at, version)
       values ($1, $2, $3, $4, $5, 'afterVisit', 'visit', 'visit', 'sv', $6, $7, $8, 'v1')`,
      [
        ws,
        idOf('invitation', given.id),
        idOf('decision', given.id),
        `token-${given.id}`,
        idOf('contact', given.customer),
        given.sent ? 'sent' : 'scheduled',
        at,
        given.sent ? at : null,
      ],
    )
  }
  await appendOutbox(tx, 'decision', [idOf('decision', given.id)])
}

/** @param given.more columns of the case besides, by their names in the table */
export async function putCase(
  tx: Tx,
  given: {
    response: string
    state: 'open' | 'taken' | 'contacted' | 'closed'
    unit?: string
    more?: Record<string, unknown>
  },
) {
  const caseId = idOf('case', given.response)
  await tx.query(
    `insert into cases (workspace_id, case_id, rule, response_id, unit_key, state, opened_at, contact_due_at, version)
     values ($1, $2, 'unhappy', $3, $4, $5, '2026-02-01T10:00:00Z', '2026-02-03T10:00:00Z', 'v1')
     on conflict (workspace_id, case_id) do update set state = excluded.state`,
    [ws, caseId, idOf('response', given.response), given.unit ?? null, given.state],
  )
  await tx.query(
    `insert into case_responses (workspace_id, case_id, response_id, joined_at)
     values ($1, $2, $3, '2026-02-01T10:00:00Z') on conflict do nothing`,
    [ws, caseId, idOf('response', given.response)],
  )
  await tx.query(
    `insert into case_deadlines (workspace_id, case_id, open) values ($1, $2, $3)
     on conflict (workspace_id, case_id) do update set open = excluded.open`,
    [ws, caseId, given.state !== 'closed'],
  )
  for (const [column, value] of Object.entries(given.more ?? {})) {
    const table = ['missed_at', 'missed_again_at', 'escalated_at'].includes(column)
      ? 'case_deadlines'
      : 'cases'
    await tx.query(`update ${table} set "${column}" = $2 where case_id = $1`, [caseId, value])
  }
  await appendOutbox(tx, 'case', [caseId])
}

export async function putThemes(tx: Tx, response: string, themes: readonly string[]) {
  for (const theme of themes) {
    await tx.query(
      `insert into response_themes (workspace_id, response_id, theme, by, version) values ($1, $2, $3, 'words', 'v1')`,
      [ws, idOf('response', response), theme],
    )
  }
  await appendOutbox(tx, 'response', [idOf('response', response)])
}

export const touch = (tx: Tx, kind: FactKind, key: string) => appendOutbox(tx, kind, [idOf(kind, key)])
