import { VirtualClock } from '../src/base/clock.ts'
import { stableId } from '../src/base/ids.ts'
import { idOf } from '../src/events/apply.ts'
import { checkedProgram } from '../src/program/checked.ts'
import type { Context } from '../src/program/context.ts'
import type { Program } from '../src/program/schema.ts'
import { migrate } from '../src/storage/migrate.ts'
import type { Database } from '../src/storage/postgres.ts'
import { openStore } from './cluster.ts'

/** A survey with every kind of question and a few conditions. */
export const exampleProgram: Program = {
  samklang: 1,
  workspace: { name: 'Nordkyst Service', languages: ['en', 'sv', 'nb'], timeZone: 'Europe/Oslo' },
  contacts: { as: 'customer', fields: { segment: { type: 'category' } } },
  transactions: { visit: { fields: { product: { type: 'text' }, cameBack: { type: 'boolean' } } } },
  events: {},
  touchpoints: { visit: { name: 'Service visit' } },
  metrics: {},
  surveys: {
    visit: {
      name: { en: 'Your service visit', sv: 'Ditt servicebesök', nb: 'Ditt servicebesøk' },
      touchpoint: 'visit',
      kind: 'transactional',
      subject: { en: 'How was our visit?', sv: 'Hur var vårt besök?', nb: 'Hvordan var besøket vårt?' },
      intro: {
        en: 'We mended your {visit.product} the other day. Two minutes of your time help us do better.',
        sv: 'Vi lagade nyligen din {visit.product}. Två minuter av din tid hjälper oss att bli bättre.',
        nb: 'Vi reparerte nylig din {visit.product}. To minutter av din tid hjelper oss å bli bedre.',
      },
      thanks: {
        en: 'We read every answer.',
        sv: 'Vi läser varje svar.',
        nb: 'Vi leser hvert svar.',
      },
      questions: [
        { id: 'recommend', kind: 'nps', required: true },
        {
          id: 'wrong',
          kind: 'multiChoice',
          show: 'answers.recommend <= 6',
          text: { en: 'What went wrong?', sv: 'Vad gick fel?', nb: 'Hva gikk galt?' },
          choices: [
            { value: 'late', text: { en: 'They came late', sv: 'De kom sent', nb: 'De kom for sent' } },
            {
              value: 'again',
              text: { en: 'It broke again', sv: 'Den gick sönder igen', nb: 'Den gikk i stykker igjen' },
            },
            { value: 'price', text: { en: 'The price', sv: 'Priset', nb: 'Prisen' } },
          ],
        },
        {
          id: 'satisfied',
          kind: 'csat',
          text: {
            en: 'How satisfied were you with the technician?',
            sv: 'Hur nöjd var du med teknikern?',
            nb: 'Hvor fornøyd var du med teknikeren?',
          },
        },
        {
          id: 'channel',
          kind: 'choice',
          answeredBy: { field: 'customer.segment' },
          choices: [
            { value: 'phone', text: 'Phone' },
            { value: 'web', text: 'Web' },
          ],
        },
        {
          id: 'comment',
          kind: 'text',
          maxLength: 2000,
          help: {
            en: 'Please leave out personal details.',
            sv: 'Utelämna gärna personuppgifter.',
            nb: 'Utelat gjerne personopplysninger.',
          },
        },
        { id: 'callMe', kind: 'contactMe', show: 'answers.recommend <= 6' },
      ],
    },
  },
}

export const checked = (program: Program, version = 'v1') => checkedProgram(program, version)

export const workspaceId = stableId('workspace', 'example')
export const start = new Date('2026-03-02T09:00:00Z')

export const context: Context = {
  at: start.toISOString(),
  contact: { key: 'c1', language: 'en', fields: { segment: 'home' } },
  account: { key: 'a1', name: 'Hotell Tyholmen', fields: {} },
  transaction: { type: 'visit', key: 'v1', fields: { product: 'heat pump <b>"X"</b>', cameBack: true } },
  unit: { key: 'no-west', level: 'region', name: 'Norge Vest', path: ['no', 'no-west'] },
  employee: { key: 'e1', name: 'Ola' },
}

/** @param folder to keep the data in; in memory when none is given */
export async function openExample(folder?: string): Promise<{ database: Database; clock: VirtualClock }> {
  const clock = new VirtualClock(start)
  const database = await openStore(folder, clock)
  await makeExample(database)
  return { database, clock }
}

/** Makes the tables and the workspace of the example in a store, where they are not there yet. */
export async function makeExample(database: Database): Promise<void> {
  await migrate(database)
  await database.asOwner((tx) =>
    tx.query(
      `insert into workspaces (workspace_id, slug, name, created_at) values ($1, 'example', 'Example', $2)
       on conflict do nothing`,
      [workspaceId, start],
    ),
  )
}

export interface ExampleInvitation {
  invitationId: string
  token: string
  recipient: string
}

/** Invitations as the sending of invitations leaves them, one for each number. */
export async function insertInvitations(
  database: Database,
  numbers: number[],
  more: { language?: string; expiresAt?: Date; known?: object; state?: string } = {},
): Promise<ExampleInvitation[]> {
  const rows = numbers.map((number) => ({
    invitation: stableId(workspaceId, 'invitation', String(number)),
    contact: idOf.contact(workspaceId, `c${number}`),
    token: `token${String(number).padStart(17, '0')}`,
    key: `c${number}`,
    email: `person${number}@example.org`,
  }))
  await database.inWorkspace(workspaceId, async (tx) => {
    await tx.query(
      `insert into contacts (workspace_id, contact_id, contact_key, name, email, language, created_at)
       select $1, r.contact, r.key, 'Kari ' || r.key, r.email, $3, $4
       from json_to_recordset($2::json) as r(contact uuid, key text, email text) on conflict do nothing`,
      [workspaceId, JSON.stringify(rows), more.language ?? 'en', start],
    )
    await tx.query(
      `insert into invitations (workspace_id, invitation_id, decision_id, token, contact_id, transaction_id,
         account_id, unit_key, employee_key, trigger, survey, touchpoint, language, state, due_at, expires_at,
         frozen, known, version)
       select $1, r.invitation, r.invitation, r.token, r.contact, r.invitation, r.contact, 'no-west', 'e1',
         'afterVisit', 'visit', 'visit', $3, $7, $4, $5, $6::jsonb, $8::jsonb, 'v1'
       from json_to_recordset($2::json) as r(invitation uuid, contact uuid, token text)`,
      [
        workspaceId,
        JSON.stringify(rows),
        more.language ?? 'en',
        start,
        more.expiresAt ?? null,
        JSON.stringify(context),
        more.state ?? 'sent',
        JSON.stringify(more.known ?? {}),
      ],
    )
  })
  return rows.map((row) => ({ invitationId: row.invitation, token: row.token, recipient: row.email }))
}
