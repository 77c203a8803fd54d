import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { idOf } from '../../src/events/apply.ts'
import { planRefreshes, refreshDue } from '../../src/value/due.ts'
import { refreshValues } from '../../src/value/refresh.ts'
import { customerValue } from '../../src/value/routes.ts'
import { readModel, valuesFor } from '../../src/value/store.ts'
import { closeHouse } from '../workshop.ts'
import { type Club, openClub, yearly } from './club.ts'

afterAll(closeHouse)

const worthOf = (club: Club, member: string) =>
  club.database.inWorkspace(club.workspaceId, (tx) =>
    customerValue(tx, { contactId: idOf.contact(club.workspaceId, member) }),
  )
const modelOf = async (club: Club) => (await club.database.inWorkspace(club.workspaceId, readModel))!.model

describe('ten members of whom eight renewed', () => {
  let club: Club
  beforeAll(async () => {
    club = await openClub('2025-12-31T12:00:00Z')
    const members = Array.from({ length: 10 }, (_, i) => `m${i}`)
    await club.pay(
      members.map((member) => ({ member, at: '2024-01-01T10:00:00Z', amount: 2000, wealth: 9000 })),
    )
    await club.pay(
      members.slice(0, 8).map((member) => ({ member, at: '2025-01-01T10:00:00Z', amount: 2000 })),
    )
    // Something that happens today, so that the year is known to have passed.
    const poor = ['new1', 'new2', 'new3', 'new4']
    await club.pay(poor.map((member) => ({ member, at: '2025-12-31T11:00:00Z', amount: 200 })))
    await club.pay(['x', 'y'].map((member) => ({ member, at: '2025-12-31T11:00:00Z', amount: 1000 })))
    await refreshValues(club, club.workspaceId)
  })

  it('estimates their retention with its interval', async () => {
    const { retention } = await modelOf(club)
    expect(retention).toMatchObject({ decided: 10, renewed: 8, chosen: 'constant' })
    expect(retention.constant.value).toBe(0.8)
    // Wilson, 8 of 10.
    expect(retention.constant).toMatchObject({
      low: expect.closeTo(0.4902, 4),
      high: expect.closeTo(0.9433, 4),
    })
    expect(retention.sbg).toMatchObject({ value: null, reason: 'too few' })
    expect(retention.cohorts).toEqual([
      { cohort: '2024', customers: 10, renewals: [{ renewal: 1, atRisk: 10, renewed: 8 }] },
      { cohort: '2025', customers: 6, renewals: [] },
    ])
  })

  it('gives those who stay the residual value of FORMULAS', async () => {
    const found = await worthOf(club, 'm0')
    expect(found).toMatchObject({
      margin: 2000,
      marginAPeriod: 1000,
      periods: 2,
      frequency: 2,
      potential: 9000,
      leftAt: null,
    })
    expect(found!.rlv!.value).toBeCloseTo(2666.67, 2)
    expect(found!.rlv!.low).toBeCloseTo((1000 * 0.49016) / (1.1 - 0.49016), 0)
  })

  it('gives those who left nothing', async () => {
    const found = await worthOf(club, 'm9')
    expect(found).toMatchObject({ rlv: { value: 0 }, segment: 'C', churn: null })
    expect(new Date(found!.leftAt!)).toEqual(new Date('2025-02-04T10:00:00Z'))
  })

  it('shows them to conditions', async () => {
    const [stays, gone, nobody] = await club.database.inWorkspace(club.workspaceId, (tx) =>
      valuesFor(tx, [
        { contactId: idOf.contact(club.workspaceId, 'm0') },
        { contactId: idOf.contact(club.workspaceId, 'm9') },
        { contactId: idOf.contact(club.workspaceId, 'nobody') },
      ]),
    )
    expect(stays).toMatchObject({ segment: 'A', revenue: 4000, potential: 9000, frequency: 2 })
    expect(stays!.rlv).toBeCloseTo(2666.67, 2)
    expect(stays).not.toHaveProperty('churn')
    expect(gone).toMatchObject({ segment: 'C', rlv: 0 })
    expect(nobody).toEqual({})
  })

  it('ends the same when it is done again, or twice at once', async () => {
    const rows = () => club.rows('select * from customer_values order by customer_id')
    const before = await rows()
    await Promise.all([refreshValues(club, club.workspaceId), refreshValues(club, club.workspaceId)])
    expect(await rows()).toEqual(before)
    expect(await club.rows('select made_at from value_models')).toHaveLength(1)
  })

  it('forgets everything when the program declares no value any more', async () => {
    const { text } = (
      await club.programs.files(
        club.workspaceId,
        (
          await club.programs.versions(club.workspaceId)
        )[0]!.version,
      )
    )[0]!
    await club.programs.push(club.workspaceId, [{ path: 'shop.yaml', text: text.replace(yearly, '') }])
    expect(await refreshValues(club, club.workspaceId)).toBeUndefined()
    expect(await club.rows('select 1 from customer_values')).toEqual([])
    expect(await club.rows('select 1 from value_models')).toEqual([])
  })
})

describe('customers out of the ordinary', () => {
  let club: Club
  beforeAll(async () => {
    club = await openClub('2026-03-01T12:00:00Z')
    await club.pay([
      { member: 'regretful', at: '2026-01-01T10:00:00Z', amount: 100, back: 250 },
      { member: 'once', at: '2026-02-01T10:00:00Z', amount: 100 },
      { member: 'credit', at: '2026-02-01T10:00:00Z', amount: -50 },
      { member: 'free', at: '2026-02-01T10:00:00Z', amount: 0 },
      { member: 'back', at: '2022-01-01T10:00:00Z', amount: 700 },
      { member: 'back', at: '2026-02-02T10:00:00Z', amount: 300 },
    ])
    await refreshValues(club, club.workspaceId)
  })

  it('are worth less than nothing when more was given back than paid', async () => {
    expect(await worthOf(club, 'regretful')).toMatchObject({
      revenue: 100,
      refunds: 250,
      monetary: -150,
      margin: -75,
    })
  })

  it('have no value when they never paid', async () => {
    expect(await worthOf(club, 'credit')).toBeNull()
    expect(await worthOf(club, 'free')).toBeNull()
  })

  it('start anew when they come back after they had left', async () => {
    expect(await worthOf(club, 'back')).toMatchObject({
      lives: 2,
      periods: 1,
      frequency: 2,
      margin: 500,
      marginAPeriod: 150,
      leftAt: null,
    })
  })

  it('have a residual value once a renewal is known', async () => {
    // The one who left in 2023 is all that is known: nobody renewed.
    const { retention } = await modelOf(club)
    expect(retention).toMatchObject({ decided: 1, renewed: 0, chosen: 'constant', constant: { value: 0 } })
    expect(await worthOf(club, 'once')).toMatchObject({ rlv: { value: 0 } })
  })
})

describe('without history', () => {
  it('has values but no residual value, and says what lacks', async () => {
    const club = await openClub('2026-03-01T12:00:00Z')
    await club.pay([{ member: 'a', at: '2026-02-01T10:00:00Z', amount: 100 }])
    await refreshValues(club, club.workspaceId)
    const { retention, churn } = await modelOf(club)
    expect(retention).toMatchObject({ chosen: 'none', constant: { value: null, reason: 'too few' } })
    expect(churn.model).toMatchObject({ value: null, reason: 'too few' })
    expect(await worthOf(club, 'a')).toMatchObject({
      rlv: null,
      margin: 50,
      segment: 'unranked',
      high: false,
    })
  })

  it('takes the stated prior', async () => {
    const prior = yearly.replace('priors:', 'priors:\n    retention: { value: 0.8, source: the trade }')
    const club = await openClub('2026-03-01T12:00:00Z', prior)
    await club.pay([{ member: 'a', at: '2026-02-01T10:00:00Z', amount: 2000 }])
    await refreshValues(club, club.workspaceId)
    const found = await worthOf(club, 'a')
    expect(found!.model).toBe('prior')
    expect(found!.rlv).toEqual({ value: expect.closeTo(2666.67, 2) })
  })

  it('is nothing at all before anything has happened', async () => {
    const club = await openClub('2026-03-01T12:00:00Z')
    expect(await refreshValues(club, club.workspaceId)).toBeUndefined()
  })
})

describe('when sources fall silent', () => {
  it('nobody leaves by that', async () => {
    const club = await openClub('2029-01-01T12:00:00Z')
    await club.pay([{ member: 'a', at: '2026-02-01T10:00:00Z', amount: 100 }])
    const made = await refreshValues(club, club.workspaceId)
    expect(made).toEqual({ customers: 1, asOf: new Date('2026-02-01T10:00:00Z') })
    expect(await worthOf(club, 'a')).toMatchObject({ leftAt: null, recency: 0 })
  })
})

describe('accounts', () => {
  it('are worth what their people pay, and lend it to them', async () => {
    const club = await openClub('2026-03-01T12:00:00Z', yearly.replace('of: contact', 'of: account'))
    await club.pay([
      { member: 'ann', family: 'larsen', at: '2026-01-01T10:00:00Z', amount: 100, familyWealth: 5 },
      { member: 'bo', family: 'larsen', at: '2026-02-01T10:00:00Z', amount: 300 },
    ])
    await refreshValues(club, club.workspaceId)
    expect(await worthOf(club, 'ann')).toMatchObject({ kind: 'account', revenue: 400, potential: 5 })
    expect(await club.rows('select 1 from customer_values')).toHaveLength(1)
  })
})

describe('every night', () => {
  it('values are made anew, each night announced once', async () => {
    const club = await openClub('2026-03-01T12:00:00Z')
    await club.pay([{ member: 'a', at: '2026-02-01T10:00:00Z', amount: 100 }])
    const drain = () =>
      club.lane.drain(async (kind) => {
        if (kind === 'value.due') await refreshDue(club, club.workspaceId)
      })
    const waiting = async () => (await club.jobs.lane('none', club.clock, true)) && club.lane.nextAt()
    await planRefreshes(club)
    await planRefreshes(club)
    await drain()
    expect(await club.rows('select 1 from value_models')).toHaveLength(1)
    // Three in the morning in Stockholm, the day after.
    expect(await waiting()).toEqual(new Date('2026-03-02T02:00:00Z'))
    await planRefreshes(club)
    await refreshDue(club, club.workspaceId)
    expect(await club.rows('select 1 from value_models')).toHaveLength(1)
    // The night on which clocks go forward: 3:00 in summer time is 1:00 UTC.
    club.clock.moveTo(new Date('2026-03-28T12:00:00Z'))
    await drain()
    expect(await waiting()).toEqual(new Date('2026-03-29T01:00:00Z'))
    expect(await club.rows('select 1 from value_models')).toHaveLength(2)
  })
})
