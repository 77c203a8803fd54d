import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { VirtualClock } from '../../src/base/clock.ts'
import { idOf } from '../../src/events/apply.ts'
import { recordEvents } from '../../src/events/intake.ts'
import { decideInvitations } from '../../src/invitations/decide.ts'
import { sendInvitations } from '../../src/invitations/send.ts'
import { importResponses } from '../../src/responses/import.ts'
import { findInvited } from '../../src/responses/invited.ts'
import { recordAnswers } from '../../src/responses/record.ts'
import { type Database, openPostgres } from '../../src/storage/postgres.ts'
import { openStore } from '../cluster.ts'
import { startPostgres } from '../postgres.ts'
import {
  checked,
  exampleProgram,
  insertInvitations,
  makeExample,
  start,
  workspaceId,
} from '../surveyExample.ts'
import { closeHouse, openWorkshop } from '../workshop.ts'

const program = checked(exampleProgram)

const rounds = 60
const together = 5

describe.each(['PostgreSQL', 'PGlite'])('a visit about which an answer is handed in, on %s', (engine) => {
  const clock = new VirtualClock(start)
  let database: Database
  let postgres: Awaited<ReturnType<typeof startPostgres>> | undefined
  beforeAll(async () => {
    postgres = engine === 'PostgreSQL' ? await startPostgres() : undefined
    database = postgres ? openPostgres(postgres.url, clock) : await openStore(undefined, clock)
    await makeExample(database)
  })
  afterAll(async () => {
    await database?.close()
    await postgres?.stop()
  })

  /** Links about a visit each, as they stand when somebody opens them. */
  async function links(round: number) {
    const numbers = Array.from({ length: together }, (_, index) => 1 + round * together + index)
    const made = await insertInvitations(database, numbers)
    const rows = made.map(({ token }) => ({ token, id: idOf.transaction(workspaceId, 'visit', token) }))
    return database.inWorkspace(workspaceId, async (tx) => {
      await tx.query(
        `update invitations i set transaction_id = r.id from json_to_recordset($1::json) as r(token text, id uuid)
         where i.token = r.token`,
        [JSON.stringify(rows)],
      )
      return findInvited(
        tx,
        rows.map(({ token }) => token),
        false,
      )
    })
  }

  it('and whose link is answered in that moment has one answer, which both are told of', async () => {
    const parts = {
      database,
      clock,
      announce: async () => {},
      programs: { version: async () => program, active: async () => program },
    }
    const first = { link: 0, elsewhere: 0 }
    for (let round = 0; round < rounds; round++) {
      const found = await links(round)
      // Every other round as the page does, which has just read the link; in changing orders.
      const answers = found.map((invited) => ({
        ...{ token: invited.token, complete: true, at: start, wayIn: 'survey' as const },
        ...{ answers: { recommend: 9 }, ...(round % 2 ? { invited } : {}) },
      }))
      if (round % 3) answers.reverse()
      const elsewhere = found.map(({ token: key }) => ({
        ...{ source: 'paper', externalId: key, survey: 'visit', answers: { recommend: 2 } },
        ...{ transaction: { type: 'visit', key }, answeredAt: start },
      }))
      const byLink = () => recordAnswers(parts, workspaceId, answers)
      const handIn = () => importResponses(parts, workspaceId, elsewhere)
      // In some rounds surely one before the other, by a link that was looked at before either.
      const early = round % 5 === 0 ? await handIn() : undefined
      const told = await (round % 5 === 1 ? byLink() : undefined)
      const [receipts, answered] = await Promise.all([early ?? handIn(), told ?? byLink()])
      const stored = await database.inWorkspace(workspaceId, (tx) =>
        tx.query<{ id: string; link: boolean }>(
          `select response_id as id, invitation_id is not null as link from responses
           where transaction_id = any($1::uuid[])`,
          [found.map(({ transactionId }) => transactionId)],
        ),
      )
      expect(stored).toHaveLength(together)
      for (const [index, { token }] of answers.entries()) {
        const place = elsewhere.findIndex(({ externalId }) => externalId === token)
        const { responseId } = answered[index] as { responseId: string }
        expect(receipts[place]).toMatchObject({ responseId })
        const { link } = stored.find(({ id }) => id === responseId)!
        expect(receipts[place]).toMatchObject({ status: link ? 'duplicate' : 'imported' })
        first[link ? 'link' : 'elsewhere']++
      }
      // Again, as by whoever heard nothing: the same.
      const again = await importResponses(parts, workspaceId, elsewhere)
      expect(again).toEqual(receipts.map((receipt) => ({ ...receipt, status: 'duplicate' })))
    }
    console.info(`first on ${engine}: ${JSON.stringify(first)}`)
    expect(Math.min(first.link, first.elsewhere)).toBeGreaterThan(0)
  }, 60_000)

  it('and whose link is answered before that is committed waits for it, and takes no second one', async () => {
    // PGlite has one connection, on which nothing comes between.
    if (!postgres) return
    const [found] = await links(rounds)
    const programs = { version: async () => program, active: async () => program }
    const answer = { token: found!.token, answers: { recommend: 9 }, complete: true, at: start }
    const waits = async () =>
      (await database.script(`select pid from pg_stat_activity where wait_event_type = 'Lock'`)).length > 0
    let settled = false
    let link: ReturnType<typeof recordAnswers> | undefined
    // News of the answer is the last that is written before the commit.
    const announce = async () => {
      const parts = { database, programs, announce: async () => {} }
      link = recordAnswers(parts, workspaceId, [{ ...answer, wayIn: 'survey', invited: found! }])
      link.then(() => {
        settled = true
      })
      await vi.waitUntil(async () => settled || (await waits()))
    }
    const [receipt] = await importResponses({ database, clock, programs, announce }, workspaceId, [
      {
        ...{ source: 'paper', externalId: 'slow', survey: 'visit', answers: { recommend: 2 } },
        ...{ transaction: { type: 'visit', key: found!.token }, answeredAt: start },
      },
    ])
    const { responseId } = receipt as { responseId: string }
    expect(await link).toEqual([{ responseId, state: 'completed' }])
  })
})

describe('an invitation about a visit', () => {
  afterAll(closeHouse)

  it('is withheld, and says so, when an answer is handed in before it is decided or before it is due', async () => {
    const shop = await openWorkshop('2026-03-02T09:00:00Z')
    const happened = (type: string, repair: string, data: Record<string, unknown> = {}) =>
      recordEvents(shop, shop.workspaceId, [
        {
          ...{ specversion: '1.0', id: `${type} ${repair}`, source: 'shop', type },
          time: shop.clock.now().toISOString(),
          data: { customer: `customer of ${repair}`, repair, visits: 2, ...data },
        },
      ])
    const ordered = (repair: string) =>
      happened('repair.ordered', repair, { email: `${repair}@home.invalid`, unit: 'team1', kind: 'pump' })
    /** Lets the loop decide and send. */
    async function live(until: Date) {
      for (;;) {
        await shop.lane.drain(async (kind: string, workspaceId: string, news: object[]) => {
          const seqs = news.flatMap((each) => ('seqs' in each ? (each.seqs as number[]) : []))
          if (kind === 'event.recorded') await decideInvitations(shop, workspaceId, seqs)
          if (kind === 'invitation.due') await sendInvitations(shop, workspaceId)
        })
        const next = await shop.lane.nextAt()
        if (!next || next > until) break
        shop.clock.moveTo(next)
      }
      shop.clock.moveTo(until)
    }
    const handIn = (repair: string) =>
      importResponses(shop, shop.workspaceId, [
        {
          ...{ source: 'paper', externalId: repair, survey: 'repair', contactKey: `customer of ${repair}` },
          ...{ transaction: { type: 'repair', key: repair }, answers: { satisfaction: 2 } },
          answeredAt: shop.clock.now(),
        },
      ])
    const decisions = () => shop.rows('select outcome, reason, detail from decisions order by due_at')
    const noted = () => shop.rows(`select count(*)::int as n from outbox`)

    await ordered('r1')
    await happened('repair.done', 'r1')
    await live(new Date('2026-03-02T10:00:00Z'))
    expect(await decisions()).toMatchObject([{ outcome: 'invited' }])
    expect(await handIn('r1')).toMatchObject([{ status: 'imported' }])
    const told = { outcome: 'withheld', reason: 'answeredElsewhere' }
    expect(await decisions()).toEqual([{ ...told, detail: 'paper' }])
    expect(await shop.rows('select state from invitations')).toEqual([{ state: 'withheld' }])
    const before = await noted()
    expect(await handIn('r1')).toMatchObject([{ status: 'duplicate' }])
    expect(await noted()).toEqual(before)

    await ordered('r2')
    await handIn('r2')
    await happened('repair.done', 'r2')
    await live(new Date('2026-03-04T12:00:00Z'))
    expect(await decisions()).toEqual([
      { ...told, detail: 'paper' },
      { ...told, detail: null },
    ])
    expect(await shop.rows('select from messages')).toEqual([])
  })
})
