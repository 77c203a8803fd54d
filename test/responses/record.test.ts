import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { VirtualClock } from '../../src/base/clock.ts'
import { stableId } from '../../src/base/ids.ts'
import { importResponses } from '../../src/responses/import.ts'
import { findInvited } from '../../src/responses/invited.ts'
import { recordAnswers } from '../../src/responses/record.ts'
import { readResponse, searchResponses } from '../../src/responses/search.ts'
import type { News } from '../../src/storage/jobs.ts'
import type { Database } from '../../src/storage/postgres.ts'
import {
  checked,
  exampleProgram,
  insertInvitations,
  openExample,
  start,
  workspaceId,
} from '../surveyExample.ts'

let database: Database
let clock: VirtualClock
const announced: News[] = []
const program = checked(exampleProgram)

beforeAll(async () => {
  ;({ database, clock } = await openExample())
})
afterAll(() => database.close())

const parts = () => ({
  database,
  clock,
  announce: async (_: unknown, news: News) => void announced.push(news),
  programs: { version: async () => program, active: async () => program },
})
const answer = (token: string, answers: Record<string, unknown>, complete = true, at = start) => ({
  token,
  answers,
  complete,
  at,
  wayIn: 'survey' as const,
})
const count = async (sql: string) =>
  (await database.inWorkspace(workspaceId, (tx) => tx.query<{ n: number }>(sql)))[0]!.n

describe('recording answers', () => {
  it('takes many at once, each by its own link', async () => {
    const invitations = await insertInvitations(database, [1, 2, 3, 4, 5])
    const inputs = invitations.map(({ token }, index) =>
      answer(token, { recommend: index + 5, comment: `comment ${index}` }),
    )
    const receipts = await recordAnswers(parts(), workspaceId, inputs)
    expect(receipts).toEqual(
      invitations.map(({ invitationId }) => ({
        responseId: stableId(workspaceId, 'response', invitationId),
        state: 'completed',
      })),
    )
    const rows = await database.inWorkspace(workspaceId, (tx) =>
      tx.query('select invitation_id, answers, comment from responses order by comment'),
    )
    expect(rows).toEqual(
      invitations.map(({ invitationId }, index) => ({
        invitation_id: invitationId,
        answers: { recommend: index + 5, comment: `comment ${index}` },
        comment: `comment ${index}`,
      })),
    )
  })

  it('again, at once and side by side, changes nothing and tells nobody twice', async () => {
    const [invitation] = await insertInvitations(database, [11])
    const input = answer(invitation!.token, { recommend: 3 })
    announced.length = 0
    const before = await count('select count(*) as n from outbox')
    const receipts = await Promise.all([
      recordAnswers(parts(), workspaceId, [input, input]),
      recordAnswers(parts(), workspaceId, [input]),
    ])
    expect(new Set(receipts.flat().map((receipt) => JSON.stringify(receipt))).size).toBe(1)
    const other = await recordAnswers(parts(), workspaceId, [answer(invitation!.token, { recommend: 10 })])
    expect(other).toEqual([receipts[0]![0]])
    expect(announced).toHaveLength(1)
    expect(await count('select count(*) as n from outbox')).toBe(before + 1)
    expect(
      await count(
        `select (answers->>'recommend')::int as n from responses where invitation_id = '${invitation!.invitationId}'`,
      ),
    ).toBe(3)
  })

  it('side by side as the first answer of one link keeps one of them, noted once', async () => {
    const [invitation] = await insertInvitations(database, [12])
    const [invited] = await database.inWorkspace(workspaceId, (tx) =>
      findInvited(tx, [invitation!.token], false),
    )
    const first = (recommend: number) => ({ ...answer(invitation!.token, { recommend }), invited: invited! })
    const before = await count('select count(*) as n from outbox')
    const receipts = await Promise.all(
      [4, 9].map((recommend) => recordAnswers(parts(), workspaceId, [first(recommend)])),
    )
    expect(receipts[0]).toEqual(receipts[1])
    expect(receipts[0]).toMatchObject([{ state: 'completed' }])
    expect(await count('select count(*) as n from outbox')).toBe(before + 1)
    const kept = await count(
      `select sum((answers->>'recommend')::int) as n from responses where invitation_id = '${invitation!.invitationId}'`,
    )
    expect([4, 9]).toContain(kept)
    // Another answer goes through, so nothing is left half-done behind the one that came second.
    const [next] = await insertInvitations(database, [13])
    expect(await recordAnswers(parts(), workspaceId, [answer(next!.token, { recommend: 1 })])).toMatchObject([
      { state: 'completed' },
    ])
  })

  it('refuses an unknown link, a closed survey and an answer that fits nothing, each by itself', async () => {
    const [open, closed] = [
      (await insertInvitations(database, [21]))[0]!,
      (await insertInvitations(database, [22], { expiresAt: start }))[0]!,
    ]
    const receipts = await recordAnswers(parts(), workspaceId, [
      answer('x'.repeat(22), { recommend: 3 }),
      answer('\u0000', { recommend: 3 }),
      answer(closed.token, { recommend: 3 }),
      answer(open.token, { recommend: 'three' }),
    ])
    expect(receipts.map((receipt) => ('code' in receipt ? receipt.code : receipt.state))).toEqual([
      'survey.unknownLink',
      'survey.unknownLink',
      'survey.expired',
      'response.refused',
    ])
  })

  it('takes nothing by the link of another workspace', async () => {
    const [invitation] = await insertInvitations(database, [23])
    const receipts = await recordAnswers(parts(), stableId('workspace', 'other'), [
      answer(invitation!.token, { recommend: 3 }),
    ])
    expect(receipts).toMatchObject([{ code: 'survey.unknownLink' }])
  })

  it('hands what is begun to the facts at once, with how far it came, and tells nobody else', async () => {
    const [invitation] = await insertInvitations(database, [25])
    const [invited] = await database.inWorkspace(workspaceId, (tx) =>
      findInvited(tx, [invitation!.token], false),
    )
    announced.length = 0
    const noted = async () =>
      database.inWorkspace(workspaceId, (tx) =>
        tx.query(
          `select r.state, r.last_question as last, count(o.seq)::int as n from responses r
           left join outbox o on o.key = r.response_id where r.invitation_id = $1 group by 1, 2`,
          [invitation!.invitationId],
        ),
      )
    // Both ways in: as the first answer, and added to it. Going back does not bring anybody back.
    const { token } = invitation!
    await recordAnswers(parts(), workspaceId, [
      { ...answer(token, { satisfied: 3 }, false), invited: invited! },
    ])
    expect(await noted()).toEqual([{ state: 'partial', last: 'satisfied', n: 1 }])
    await recordAnswers(parts(), workspaceId, [answer(token, { recommend: 3 }, false)])
    expect(await noted()).toEqual([{ state: 'partial', last: 'satisfied', n: 2 }])
    expect(announced).toEqual([])
    await recordAnswers(parts(), workspaceId, [answer(token, { comment: 'late' })])
    expect(await noted()).toEqual([{ state: 'completed', last: 'comment', n: 3 }])
    expect(announced).toHaveLength(1)
  })

  it('adds to a partial one, with the time of the latest answer', async () => {
    const [invitation] = await insertInvitations(database, [24])
    const later = new Date(start.getTime() + 3_600_000)
    await recordAnswers(parts(), workspaceId, [answer(invitation!.token, { recommend: 3 }, false)])
    await recordAnswers(parts(), workspaceId, [answer(invitation!.token, { satisfied: 2 }, true, later)])
    const [row] = await database.inWorkspace(workspaceId, (tx) =>
      tx.query('select answers, state, started_at, answered_at from responses where invitation_id = $1', [
        invitation!.invitationId,
      ]),
    )
    expect(row).toEqual({
      answers: { recommend: 3, satisfied: 2 },
      state: 'completed',
      started_at: start,
      answered_at: later,
    })
  })
})

describe('importing responses', () => {
  const review = (externalId: string, more: object = {}) => ({
    source: 'reviews',
    externalId,
    survey: 'visit',
    contactKey: 'c1',
    transaction: { type: 'visit', key: 'unknown-yet' },
    answers: { satisfied: 5, comment: 'Good' },
    answeredAt: start,
    ...more,
  })

  it('stores each once, at its own time, with the person it is from', async () => {
    const earlier = new Date('2017-05-05T10:00:00Z')
    const inputs = [review('1', { answeredAt: earlier }), review('2'), review('2')]
    const receipts = await importResponses(parts(), workspaceId, inputs)
    expect(receipts.map((receipt) => receipt.status)).toEqual(['imported', 'imported', 'duplicate'])
    expect((await importResponses(parts(), workspaceId, inputs)).map((receipt) => receipt.status)).toEqual([
      'duplicate',
      'duplicate',
      'duplicate',
    ])
    const [row] = await database.inWorkspace(workspaceId, (tx) =>
      tx.query(
        `select way_in, answered_at, comment, context->'contact'->>'key' as contact from responses where external_id = '1'`,
      ),
    )
    expect(row).toEqual({ way_in: 'import', answered_at: earlier, comment: 'Good', contact: 'c1' })
  })

  it('keeps aside what does not fit, with the reason, and takes the rest', async () => {
    const future = new Date(clock.now().getTime() + 3 * 86_400_000)
    const receipts = await importResponses(parts(), workspaceId, [
      review('10', { answers: { satisfied: 6 } }),
      review('11', { survey: 'nosuch' }),
      review('12', { answeredAt: future }),
      review('13', { answers: {} }),
      review('1\u0000', {}),
      review('14'),
    ])
    expect(receipts.map((receipt) => receipt.status)).toEqual([
      'refused',
      'refused',
      'refused',
      'refused',
      'refused',
      'imported',
    ])
    expect(receipts[0]).toMatchObject({
      faults: [{ where: 'answers.satisfied', message: 'expected a whole number from 1 to 5' }],
    })
    expect(
      await count(`select count(*) as n from kept_aside where kind = 'response' and state = 'open'`),
    ).toBe(5)
  })
})

describe('reading responses', () => {
  it('searches comments, filters by band, and pages with a cursor', async () => {
    const found = await database.inWorkspace(workspaceId, (tx) =>
      searchResponses(tx, exampleProgram, { text: 'COMMENT 1', limit: 10 }),
    )
    expect(found.items.map((item) => [item.comment, item.score])).toEqual([
      ['comment 1', { question: 'recommend', kind: 'nps', value: 6 }],
    ])
    const detractors = await database.inWorkspace(workspaceId, (tx) =>
      searchResponses(tx, exampleProgram, { band: 'detractor', limit: 100 }),
    )
    expect(detractors.items.every((item) => item.score!.value <= 6)).toBe(true)
    expect(detractors.total).toBe(detractors.items.length)
    const seen: string[] = []
    let cursor: string | null | undefined
    do {
      const page = await database.inWorkspace(workspaceId, (tx) =>
        searchResponses(tx, exampleProgram, { limit: 3, ...(cursor ? { cursor } : {}) }),
      )
      seen.push(...page.items.map((item) => item.responseId))
      cursor = page.next
      if (!cursor) expect(seen).toHaveLength(page.total)
    } while (cursor)
    expect(new Set(seen).size).toBe(seen.length)
  })

  it('takes a percent sign for a percent sign', async () => {
    const found = await database.inWorkspace(workspaceId, (tx) =>
      searchResponses(tx, exampleProgram, { text: '%', limit: 10 }),
    )
    expect(found.total).toBe(0)
  })

  it('shows one whole, and nothing outside of the unit a person may see', async () => {
    const [item] = (
      await database.inWorkspace(workspaceId, (tx) =>
        searchResponses(tx, exampleProgram, { text: 'comment 1', limit: 1 }),
      )
    ).items
    const response = await database.inWorkspace(workspaceId, (tx) =>
      readResponse(tx, program, item!.responseId, { language: 'sv' }),
    )
    expect(response.answers.map((each) => each.text)).toEqual([
      'Hur troligt är det att du skulle rekommendera oss till en vän eller kollega?',
      'Vad kan vi göra bättre?',
    ])
    expect(response.context.transaction?.key).toBe('v1')
    await expect(
      database.inWorkspace(workspaceId, (tx) =>
        readResponse(tx, program, item!.responseId, { language: 'sv', unitKey: 'elsewhere' }),
      ),
    ).rejects.toMatchObject({ code: 'thing.unknown' })
  })
})
