import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { closeHouse, openWorkshop, shop as program, type Workshop } from '../../test/workshop.ts'
import { recordEvents } from '../events/intake.ts'
import { keepUnsubscribed } from '../people/unsubscribed.ts'
import { decideDates, decideInvitations } from './decide.ts'
import { sendInvitations } from './send.ts'

let shop: Workshop

beforeEach(async () => {
  shop = await openWorkshop('2026-03-02T09:00:00Z')
})
afterAll(closeHouse)

const event = (id: string, type: string, time: string, data: Record<string, unknown>) => ({
  specversion: '1.0',
  id,
  source: 'shop',
  type,
  time,
  data,
})
const ordered = (repair: string, more: Record<string, unknown> = {}) =>
  event(`o-${repair}`, 'repair.ordered', '2026-03-01T08:00:00Z', {
    customer: 'ann',
    email: 'ann@home.invalid',
    language: 'sv',
    tier: 'gold',
    unit: 'team1',
    repair,
    kind: 'pump',
    ...more,
  })
const done = (repair: string, time = '2026-03-02T08:00:00Z', more: Record<string, unknown> = {}) =>
  event(`d-${repair}`, 'repair.done', time, { customer: 'ann', repair, visits: 2, ...more })

const record = (...events: unknown[]) => recordEvents(shop, shop.workspaceId, events)

/** Lets the loop's first two steps run until `time`. */
async function live(time: string) {
  const step = async (kind: string, workspaceId: string, news: Array<Record<string, unknown>>) => {
    if (kind === 'event.recorded')
      await decideInvitations(
        shop,
        workspaceId,
        news.flatMap((each) => each.seqs as number[]),
      )
    if (kind === 'date.due') await decideDates(shop, workspaceId)
    if (kind === 'invitation.due') await sendInvitations(shop, workspaceId)
  }
  const until = new Date(time)
  for (;;) {
    await shop.lane.drain(step)
    const next = await shop.lane.nextAt()
    if (!next || next > until) break
    shop.clock.moveTo(next)
  }
  shop.clock.moveTo(until)
}

const decisions = () =>
  shop.rows<{ trigger: string; outcome: string; reason: string | null }>(
    'select trigger, outcome, reason from decisions order by decided_at, decision_id',
  )
const invitations = () =>
  shop.rows<{
    state: string
    sent_at: Date
    language: string
    unit_key: string
    frozen: unknown
    known: unknown
  }>('select state, sent_at, language, unit_key, frozen, known from invitations order by due_at')

describe('an invitation', () => {
  it('is frozen with the name of the employee it is about, or the key of one nobody knows', async () => {
    await record(ordered('r1', { employee: 'kari' }), done('r1'))
    await record(
      ordered('r2', { employee: 'nobody', customer: 'bo', email: 'bo@home.invalid' }),
      done('r2', '2026-03-02T08:00:00Z', { customer: 'bo' }),
    )
    await live('2026-03-03T12:00:00Z')
    const frozen = (await invitations()).map((each) => (each.frozen as { employee: unknown }).employee)
    expect(frozen).toContainEqual({ key: 'kari', name: 'Kari' })
    expect(frozen).toContainEqual({ key: 'nobody' })
  })

  it('is sent a day after the repair, in the language of the customer, with what was known then', async () => {
    await record(ordered('r1'), done('r1'))
    await live('2026-03-03T12:00:00Z')
    const [invitation] = await invitations()
    expect(invitation).toMatchObject({ state: 'sent', language: 'sv', unit_key: 'team1' })
    expect(invitation?.sent_at.toISOString()).toBe('2026-03-03T08:00:00.000Z')
    expect(invitation?.frozen).toMatchObject({
      contact: { key: 'ann', fields: { tier: 'gold' } },
      transaction: { type: 'repair', key: 'r1', fields: { kind: 'pump', visits: 2 } },
      unit: { key: 'team1', path: ['north', 'team1'] },
    })
    expect(invitation?.known).toEqual({
      visits: { value: 2, field: 'repair.visits', since: '2026-03-02T08:00:00.000Z' },
    })
    const mails = await shop.rows('select recipient, state from messages')
    expect(mails).toEqual([{ recipient: 'ann@home.invalid', state: 'queued' }])
  })

  it('keeps its O-data when the transaction changes afterwards', async () => {
    await record(ordered('r1'), done('r1'))
    await live('2026-03-03T12:00:00Z')
    await record(event('n1', 'repair.noted', '2026-03-03T11:00:00Z', { repair: 'r1', visits: 4 }))
    expect((await invitations())[0]?.frozen).toMatchObject({ transaction: { fields: { visits: 2 } } })
    expect(await shop.rows('select fields from transactions')).toMatchObject([{ fields: { visits: 4 } }])
  })

  it('is sent once, however often its event is decided or its sweep runs', async () => {
    await record(ordered('r1'), done('r1'))
    const [row] = await shop.rows<{ event_seq: number }>(
      `select event_seq from events where type = 'repair.done'`,
    )
    await decideInvitations(shop, shop.workspaceId, [row!.event_seq])
    await decideInvitations(shop, shop.workspaceId, [row!.event_seq])
    await live('2026-03-03T12:00:00Z')
    await sendInvitations(shop, shop.workspaceId)
    expect(await invitations()).toHaveLength(1)
    expect(await shop.rows('select from messages')).toHaveLength(1)
  })

  it('is decided also when the order comes after the visit that ended it', async () => {
    await record(
      event('d-r1', 'repair.done', '2026-03-02T08:00:00Z', { repair: 'r1', customer: 'ann', visits: 1 }),
    )
    await record(ordered('r1'))
    expect(await shop.rows('select fields from transactions')).toMatchObject([
      { fields: { kind: 'pump', visits: 1 } },
    ])
  })

  it('follows a promised date that has passed', async () => {
    await record(ordered('r1', { promisedAt: '2026-03-05T10:00:00Z' }))
    await live('2026-03-06T00:00:00Z')
    expect(await decisions()).toEqual([{ trigger: 'promised', outcome: 'invited', reason: null }])
    expect((await invitations())[0]?.sent_at.toISOString()).toBe('2026-03-05T10:00:00.000Z')
  })

  it('follows a promised date to where it was moved', async () => {
    await record(ordered('r1', { promisedAt: '2026-03-05T10:00:00Z' }))
    const moved = {
      ...ordered('r1', { promisedAt: '2026-03-09T10:00:00Z' }),
      id: 'again',
      time: '2026-03-02T08:00:00Z',
    }
    await record(moved)
    await live('2026-03-08T00:00:00Z')
    expect(await decisions()).toEqual([])
    await live('2026-03-10T00:00:00Z')
    expect((await invitations())[0]?.sent_at.toISOString()).toBe('2026-03-09T10:00:00.000Z')
  })
})

describe('an invitation is withheld', () => {
  const reasonAfter = async (time: string) => {
    await live(time)
    return (await decisions()).map((each) => each.reason)
  }

  it('unknownPerson: when nobody knows whose transaction it is; and is decided when somebody does', async () => {
    const changed = program.replace(
      'contact: { key: data.customer }\n      transaction: { key: data.repair, fields: { visits',
      'transaction: { key: data.repair, fields: { visits',
    )
    await shop.programs.push(shop.workspaceId, [{ path: 'shop.yaml', text: changed }])
    await record(done('r1'))
    expect(await reasonAfter('2026-03-02T09:30:00Z')).toEqual(['unknownPerson'])
    await record(ordered('r1'))
    expect(await reasonAfter('2026-03-03T12:00:00Z')).toEqual([null])
    expect((await invitations())[0]?.state).toBe('sent')
  })

  it('conditionNotMet: when the trigger is about something else', async () => {
    await record(ordered('r1', { kind: 'boiler' }), done('r1'))
    expect(await reasonAfter('2026-03-03T12:00:00Z')).toEqual(['conditionNotMet'])
  })

  it('conditionFailed: when the condition cannot be judged', async () => {
    await record(ordered('r1', { kind: undefined }), done('r1'))
    expect(await reasonAfter('2026-03-03T12:00:00Z')).toEqual(['conditionFailed'])
  })

  it('noAddress: when there is nowhere to send it', async () => {
    await record(ordered('r1', { email: undefined }), done('r1'))
    expect(await reasonAfter('2026-03-03T12:00:00Z')).toEqual(['noAddress'])
  })

  it('unsubscribed: when the person said no meanwhile', async () => {
    await record(ordered('r1'), done('r1'))
    await live('2026-03-02T10:00:00Z')
    await shop.rows(`update contacts set unsubscribed_at = '2026-03-02T11:00:00Z'`)
    expect(await reasonAfter('2026-03-03T12:00:00Z')).toEqual(['unsubscribed'])
    expect((await invitations())[0]?.state).toBe('withheld')
  })

  it('overtaken: when what has happened since makes it senseless', async () => {
    await record(ordered('r1'), done('r1'))
    await live('2026-03-02T10:00:00Z')
    await record(event('n1', 'repair.noted', '2026-03-02T11:00:00Z', { repair: 'r1', visits: 6 }))
    expect(await reasonAfter('2026-03-03T12:00:00Z')).toEqual(['overtaken'])
  })

  it('alreadyAsked: when another trigger asked about the same repair', async () => {
    await record(ordered('r1', { promisedAt: '2026-03-02T10:00:00Z' }))
    await live('2026-03-02T12:00:00Z')
    await record(done('r1', '2026-05-20T08:00:00Z'))
    shop.clock.moveTo(new Date('2026-05-20T09:00:00Z'))
    await record(done('r1', '2026-05-20T08:00:00Z'))
    expect(await reasonAfter('2026-05-22T00:00:00Z')).toEqual([null, 'alreadyAsked'])
  })

  it('quarantine: when the person was asked within 30 days, judged when it falls due', async () => {
    await record(ordered('r1'), ordered('r2'), done('r1'), done('r2', '2026-03-02T08:30:00Z'))
    expect(await reasonAfter('2026-03-04T00:00:00Z')).toEqual(expect.arrayContaining([null, 'quarantine']))
    const states = (await invitations()).map((each) => each.state)
    expect(states).toEqual(['sent', 'withheld'])
  })

  it('recentMail: when a mail went out within 24 hours and quarantine is shorter', async () => {
    const changed = `${program}\nquarantine: { transactional: PT1H, betweenMails: PT24H }\n`
    await shop.programs.push(shop.workspaceId, [{ path: 'shop.yaml', text: changed }])
    await record(ordered('r1'), ordered('r2'), done('r1'), done('r2', '2026-03-02T10:30:00Z'))
    expect(await reasonAfter('2026-03-04T00:00:00Z')).toEqual(expect.arrayContaining([null, 'recentMail']))
  })

  it('notSampled: the same for the same decision, and about as many as the program says', async () => {
    const changed = program.replace('delay: P1D', 'delay: P1D\n    sample: 0.3')
    await shop.programs.push(shop.workspaceId, [{ path: 'shop.yaml', text: changed }])
    const many = Array.from({ length: 200 }, (_, i) => [
      ordered(`r${i}`, { customer: `c${i}` }),
      done(`r${i}`, '2026-03-02T08:00:00Z', { customer: `c${i}` }),
    ]).flat()
    await record(...many)
    await live('2026-03-02T10:00:00Z')
    const invited = (await decisions()).filter((each) => each.outcome === 'invited').length
    expect(invited).toBeGreaterThan(35)
    expect(invited).toBeLessThan(85)
  })

  it('unsubscribed: whoever else is reached at an address that asked for no more, now or later', async () => {
    await record(ordered('r1'), done('r1'))
    await live('2026-03-03T12:00:00Z')
    const [invited] = await shop.rows<{ contactId: string; invitationId: string }>(
      'select contact_id as "contactId", invitation_id as "invitationId" from invitations',
    )
    const bo = { customer: 'bo', email: ' Ann@HOME.invalid ' }
    await record(ordered('r2', bo))
    await shop.database.inWorkspace(shop.workspaceId, (tx) =>
      keepUnsubscribed(tx, { contactId: invited!.contactId, mail: invited! }, shop.clock.now()),
    )
    const cia = { customer: 'cia', email: 'ANN@home.invalid' }
    const moved = { ...ordered('r9', { email: 'ann@new.invalid' }), time: '2026-03-03T12:00:00Z' }
    await record(ordered('r3', cia), moved)
    const later = '2026-05-03T08:00:00Z'
    shop.clock.moveTo(new Date(later))
    await record(
      done('r2', later, { customer: 'bo' }),
      done('r3', later, { customer: 'cia' }),
      done('r9', later),
    )
    expect(await reasonAfter('2026-05-05T00:00:00Z')).toEqual([null, ...Array(3).fill('unsubscribed')])
  })

  it('quarantine: when somebody else at the same address was asked, also in the same run', async () => {
    const cia = { customer: 'cia', email: ' ANN@home.invalid' }
    const away = { customer: 'dan', email: 'dan@home.invalid' }
    await record(ordered('r1'), ordered('r2', cia), ordered('r3', away))
    await record(
      done('r1'),
      done('r2', undefined, { customer: 'cia' }),
      done('r3', undefined, { customer: 'dan' }),
    )
    expect((await reasonAfter('2026-03-04T00:00:00Z')).sort()).toEqual([null, null, 'quarantine'])
    await record(ordered('r4', cia))
    await record(done('r4', '2026-03-04T00:00:00Z', { customer: 'cia' }))
    expect((await reasonAfter('2026-03-06T12:00:00Z')).filter((each) => each === 'quarantine')).toHaveLength(
      2,
    )
  })

  it('failed: when a delay leads to no time; other triggers are decided as ever', async () => {
    // No such program passes the check any more; one may be in force.
    const checked = await shop.programs.active(shop.workspaceId)
    const { done: one, promised } = checked.program.triggers!
    const delay = 'P99999Y'
    const triggers = {
      ...checked.program.triggers,
      done: { ...one!, delay },
      promised: { ...promised!, delay },
    }
    const program = { ...checked.program, triggers: { ...triggers, second: { ...one!, delay: 'PT1H' } } }
    const programs = { ...shop.programs, active: async () => ({ ...checked, program }) }
    const parts = { ...shop, programs }
    await recordEvents(parts, shop.workspaceId, [
      ordered('r1', { promisedAt: '2026-03-02T10:00:00Z' }),
      done('r1'),
    ])
    const seqs = await shop.rows<{ event_seq: number }>('select event_seq from events')
    await decideInvitations(
      parts,
      shop.workspaceId,
      seqs.map((each) => each.event_seq),
    )
    shop.clock.moveTo(new Date('2026-03-02T10:00:00Z'))
    await decideDates(parts, shop.workspaceId)
    expect(await shop.rows('select trigger, reason, detail from decisions order by trigger')).toEqual([
      { trigger: 'done', reason: 'failed', detail: expect.stringContaining('1 to 9999') },
      { trigger: 'promised', reason: 'failed', detail: expect.stringContaining('1 to 9999') },
      { trigger: 'second', reason: null, detail: null },
    ])
  })

  it('tooLate: when old data is loaded', async () => {
    const old = ordered('r1')
    await record(old, done('r1', '2025-01-01T08:00:00Z'))
    expect(await reasonAfter('2026-03-03T12:00:00Z')).toEqual(['tooLate'])
  })
})
