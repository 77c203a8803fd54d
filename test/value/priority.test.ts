import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { idOf } from '../../src/events/apply.ts'
import { updatedShare } from '../../src/stats/beta-binomial.ts'
import { type Priority, type PriorityItem, priorityOf } from '../../src/value/priority.ts'
import { refreshValues } from '../../src/value/refresh.ts'
import { saveTerm } from '../../src/value/save.ts'
import { closeHouse } from '../workshop.ts'
import { type Club, openClub } from './club.ts'

afterAll(closeHouse)

const item = (club: Club, member: string, more: Partial<PriorityItem> = {}): PriorityItem => ({
  responseId: member,
  contactId: idOf.contact(club.workspaceId, member),
  band: 'detractor',
  answers: { recommend: 5 },
  context: { at: '2026-01-01T00:00:00.000Z' },
  channel: 'phone',
  ...more,
})
const priorities = async (club: Club, items: PriorityItem[]): Promise<Priority[]> => {
  const checked = await club.programs.active(club.workspaceId)
  return (await club.database.inWorkspace(club.workspaceId, (tx) => priorityOf(tx, checked, items)))!
}

describe('the priority of a case', () => {
  let club: Club
  beforeAll(async () => {
    club = await openClub('2025-12-31T12:00:00Z')
    const members = Array.from({ length: 10 }, (_, i) => `m${i}`)
    await club.pay(members.map((member) => ({ member, at: '2024-01-01T10:00:00Z', amount: 2000 })))
    await club.pay(
      members.slice(0, 8).map((member) => ({ member, at: '2025-01-01T10:00:00Z', amount: 2000 })),
    )
    await club.pay([{ member: 'new', at: '2025-12-31T11:00:00Z', amount: 2000 }])
    await refreshValues(club, club.workspaceId)
  })

  it('is the chance to leave x the residual value x the chance to save, less the cost', async () => {
    const [found] = await priorities(club, [item(club, 'm0')])
    expect(found!.terms).toMatchObject({
      currency: 'SEK',
      pChurn: { value: 0.3, source: 'churn.prior', said: 'a guess of the board' },
      rlv: { source: 'rlv.constant', n: 2 },
      pSave: { value: 0.3, source: 'save.prior', n: 0, biased: false, said: 'what the neighbours say' },
      cost: { value: 150, source: 'cost.program', channel: 'phone' },
    })
    // 0.3 x 2,666.67 x 0.3 - 150
    expect(found!.expected).toBeCloseTo(90, 6)
    expect(found).toMatchObject({
      responseId: 'm0',
      segment: 'A',
      high: true,
      expected: found!.terms.expected,
    })
  })

  it('takes the band, the channel and the customer of each of many', async () => {
    const found = await priorities(club, [
      item(club, 'm0', { band: 'strongDetractor', channel: 'mail' }),
      item(club, 'm9'),
      item(club, 'm1', { band: 'promoter', channel: 'pigeon' }),
    ])
    expect(found.map((each) => each.responseId)).toEqual(['m0', 'm9', 'm1'])
    expect(found[0]!.expected).toBeCloseTo(0.5 * (8000 / 3) * 0.3 - 20, 6)
    expect(found[1]!.terms.rlv).toEqual({ value: 0, source: 'rlv.left', n: 1 })
    expect(found[1]!.expected).toBe(-150)
    expect(found[2]!.terms.cost).toEqual({ value: 0, source: 'cost.none', channel: 'pigeon' })
  })

  it('is unknown when a term is, and says which', async () => {
    const found = await priorities(club, [item(club, 'stranger'), item(club, 'm0', { band: null })])
    expect(found[0]).toMatchObject({
      expected: null,
      segment: null,
      terms: { rlv: { value: null, source: 'rlv.none' } },
    })
    expect(found[1]).toMatchObject({
      expected: null,
      terms: { pChurn: { value: null, source: 'churn.none' } },
    })
  })

  it('is not there when the program declares no value', async () => {
    const other = await openClub('2026-01-01T00:00:00Z', '')
    const checked = await other.programs.active(other.workspaceId)
    const found = await other.database.inWorkspace(other.workspaceId, (tx) => priorityOf(tx, checked, []))
    expect(found).toBeUndefined()
  })
})

describe('the chance to save', () => {
  const priors = { save: { value: 0.3, weight: 20, source: 'x' } }
  it('moves from what is stated to what is counted, and says that it is biased', () => {
    const found = saveTerm(priors, { contacted: 60, retained: 42 })
    // (20 x 0.3 + 42)/(20 + 60); limits of Beta(48, 32), R qbeta.
    expect(found).toMatchObject({ value: 0.6, source: 'save.cases', n: 60, biased: true })
    expect(found!.low).toBeCloseTo(0.4912516, 6)
    expect(found!.high).toBeCloseTo(0.7040105, 6)
  })
  it('is unknown without either', () => {
    expect(saveTerm(undefined, { contacted: 29, retained: 20 })).toBeUndefined()
    expect(saveTerm(undefined, { contacted: 40, retained: 40 })).toMatchObject({ value: 1, high: 1 })
  })
  it('is sure where the belief leaves no doubt', () => {
    expect(updatedShare({ mean: 0, weight: 1 }, 0, 5)).toEqual({ mean: 0, interval: [0, 0] })
    expect(() => updatedShare({ mean: 2, weight: 1 }, 0, 5)).toThrow('belief')
  })

  it('is learned from cases that were followed up long enough ago', async () => {
    const club = await openClub('2026-03-01T12:00:00Z')
    const members = Array.from({ length: 6 }, (_, i) => `m${i}`)
    await club.pay(members.map((member) => ({ member, at: '2024-01-01T10:00:00Z', amount: 2000 })))
    await club.pay(
      members.slice(0, 4).map((member) => ({ member, at: '2025-01-01T10:00:00Z', amount: 2000 })),
    )
    await club.pay([{ member: 'today', at: '2026-03-01T11:00:00Z', amount: 1 }])
    const opened = (member: string, at: string, outcome: string | null) => ({
      id: idOf.contact(club.workspaceId, member),
      at,
      outcome,
    })
    const cases = [
      ...members.slice(0, 5).map((member) => opened(member, '2024-06-01T00:00:00Z', 'solved')),
      opened('m5', '2024-06-01T00:00:00Z', 'no answer'),
      opened('m0', '2025-12-01T00:00:00Z', 'solved'),
    ]
    await club.database.inWorkspace(club.workspaceId, (tx) =>
      tx.query(
        `insert into cases (workspace_id, case_id, rule, response_id, contact_id, state, outcome, opened_at,
           contact_due_at, version)
         select $1::uuid, gen_random_uuid(), 'r', gen_random_uuid(), c.id, 'closed', c.outcome, c.at, c.at, 'v'
         from json_to_recordset($2::json) as c(id uuid, at timestamptz, outcome text)`,
        [club.workspaceId, JSON.stringify(cases)],
      ),
    )
    await refreshValues(club, club.workspaceId)
    const [found] = await priorities(club, [item(club, 'm0')])
    expect(found!.terms.pSave).toMatchObject({
      source: 'save.cases',
      n: 5,
      value: (6 + 4) / 25,
      biased: true,
    })
  })
})
