import fc from 'fast-check'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { closeHouse, openWorkshop, shop as program, type Workshop } from '../../test/workshop.ts'
import { recordEvents } from './intake.ts'

let shop: Workshop

beforeEach(async () => {
  shop = await openWorkshop('2026-03-02T09:00:00Z')
})
afterAll(closeHouse)

const ordered = (id: string, more: Record<string, unknown> = {}) => ({
  specversion: '1.0',
  id,
  source: 'shop',
  type: 'repair.ordered',
  time: '2026-03-01T08:00:00Z',
  data: { customer: 'ann', email: 'ann@home.invalid', repair: 'r1', kind: 'pump', unit: 'team1' },
  ...more,
})
const record = (...events: unknown[]) => recordEvents(shop, shop.workspaceId, events)
const statuses = async (...events: unknown[]) => (await record(...events)).map((receipt) => receipt.status)

describe('an event', () => {
  it('that comes twice is recorded once, in one batch or in two', async () => {
    expect(await statuses(ordered('1'), ordered('1'))).toEqual(['recorded', 'duplicate'])
    expect(await statuses(ordered('1'))).toEqual(['duplicate'])
    expect(await shop.rows('select from events')).toHaveLength(1)
  })

  it('with the same id from another source is another event', async () => {
    expect(await statuses(ordered('1'), ordered('1', { source: 'web' }))).toEqual(['recorded', 'recorded'])
  })

  it('that is wrong is kept aside with its reason, and the rest of the batch goes through', async () => {
    const unknown = ordered('2', { type: 'repair.lost' })
    const receipts = await record(
      ordered('1'),
      unknown,
      'no event',
      ordered('3', { data: { repair: 'r3', kind: 'rocket' } }),
    )
    expect(receipts.map(({ status, code }) => [status, code])).toEqual([
      ['recorded', undefined],
      ['refused', 'event.unknownType'],
      ['refused', 'event.malformed'],
      ['refused', 'event.unmapped'],
    ])
    const kept = await shop.rows(
      'select record, reason, event_id from kept_aside where event_id is not null order by event_id',
    )
    expect(kept[0]).toEqual({ record: unknown, reason: 'event.unknownType', event_id: '2' })
  })

  it('that was recorded and comes again, by now not fitting, is a duplicate and nothing to mend', async () => {
    await record(ordered('1'))
    expect(await statuses(ordered('1', { data: { repair: 'r1', kind: 'rocket' } }))).toEqual(['duplicate'])
    expect(
      await statuses(ordered('2'), ordered('2', { data: { repair: 'r1', kind: 'rocket' } })),
      'within one batch too',
    ).toEqual(['recorded', 'duplicate'])
    expect(await shop.rows('select from kept_aside')).toHaveLength(0)
  })

  it('that is wrong and sent again leaves one record to mend', async () => {
    await record(ordered('2', { type: 'repair.lost' }))
    await record(ordered('2', { type: 'repair.lost' }))
    expect(await shop.rows('select from kept_aside')).toHaveLength(1)
  })

  it('that no database can hold is kept aside whole', async () => {
    const [receipt] = await record(ordered('2', { data: { customer: 'a\u0000', repair: 'r' } }))
    expect(receipt?.code).toBe('event.malformed')
    const [kept] = await shop.rows<{ record: string }>('select record from kept_aside')
    expect(JSON.parse(kept?.record as string)).toMatchObject({ data: { customer: 'a\u0000' } })
  })

  it('of a unit becomes known with the unit, when the program lists none', async () => {
    const listless = program.replace(/^units:[\s\S]*?(?=^touchpoints)/m, '')
    await shop.programs.push(shop.workspaceId, [{ path: 'shop.yaml', text: listless }])
    await record(ordered('1', { data: { ...ordered('1').data, unit: 'team9' } }))
    expect(await shop.rows(`select level, path from units where unit_key = 'team9'`)).toEqual([
      { level: 'unit', path: ['team9'] },
    ])
  })

  it('in whatever order and batches they arrive, events leave the same people and transactions', async () => {
    const events = [
      ordered('1'),
      ordered('2', {
        time: '2026-03-01T09:00:00Z',
        data: { ...ordered('1').data, kind: 'boiler', tier: 'gold' },
      }),
      {
        ...ordered('3'),
        type: 'repair.done',
        time: '2026-03-01T12:00:00Z',
        data: { customer: 'ann', repair: 'r1', visits: 2 },
      },
      {
        ...ordered('4'),
        type: 'repair.noted',
        time: '2026-03-01T11:00:00Z',
        data: { repair: 'r1', visits: 5 },
      },
    ]
    const outcomes = new Set<string>()
    const arrival = fc.tuple(fc.shuffledSubarray(events, { minLength: 4 }), fc.integer({ min: 0, max: 4 }))
    await fc.assert(
      fc.asyncProperty(arrival, async ([order, cut]) => {
        const own = await openWorkshop('2026-03-02T09:00:00Z')
        await recordEvents(own, own.workspaceId, order.slice(0, cut))
        await recordEvents(own, own.workspaceId, order.slice(cut))
        const contacts = await own.rows(
          'select contact_key, email, fields, field_times, unit_key from contacts',
        )
        const repairs = await own.rows(
          'select transaction_key, fields, field_times, unit_key, started_at, changed_at from transactions',
        )
        const people = await own.rows('select count(*) as n from events where contact_id is null')
        outcomes.add(JSON.stringify([contacts, repairs, people]))
        expect(outcomes.size).toBe(1)
      }),
      { numRuns: 30 },
    )
    expect([...outcomes][0]).toContain('"visits":2')
  })
})
