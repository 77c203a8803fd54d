import { describe, expect, it } from 'vitest'
import { notInTime } from './firstContact.ts'

const due = '2026-03-04T10:00:00.000Z'
const early = '2026-03-04T09:00:00.000Z'
const seconds = '2026-03-04T10:00:05.000Z'
const dueAgain = '2026-03-09T10:00:00.000Z'
const lateAgain = '2026-03-09T12:00:00.000Z'
const waiting = {
  ...{ missedAt: null, missedAgainAt: null, firstContactedAt: null, contactedAt: null, contactDueAt: due },
}
const reached = (at: string) => ({ ...waiting, contactedAt: at, firstContactedAt: at })

const inTime = { missed: false, first: null, again: null }

describe('a contact that was promised', () => {
  it('is nothing to speak of while it waits, and when it was made in time', () => {
    expect(notInTime(waiting)).toEqual(inTime)
    expect(notInTime(reached(early))).toEqual(inTime)
  })

  it('is missed until the customer is reached, and late from then on, by seconds too', () => {
    expect(notInTime({ ...waiting, missedAt: due })).toEqual({ ...inTime, missed: true })
    const first = { dueAt: due, at: seconds }
    expect(notInTime({ ...reached(seconds), missedAt: due })).toEqual({ ...inTime, first })
  })

  it('stays late when the case is opened again; the new one is told by itself', () => {
    const reopened = {
      ...{ missedAt: due, firstContactedAt: seconds, contactedAt: null, contactDueAt: dueAgain },
      missedAgainAt: null,
    }
    const first = { dueAt: due, at: seconds }
    expect(notInTime(reopened)).toEqual({ ...inTime, first })
    const missed = { ...reopened, missedAgainAt: dueAgain }
    expect(notInTime(missed)).toEqual({ missed: true, first, again: null })
    const again = { dueAt: dueAgain, at: lateAgain }
    expect(notInTime({ ...missed, contactedAt: lateAgain })).toEqual({ missed: false, first, again })
  })

  it('is told once of a case that was opened again before anybody was reached', () => {
    const only = {
      ...reached(lateAgain),
      missedAt: dueAgain,
      missedAgainAt: dueAgain,
      contactDueAt: dueAgain,
    }
    expect(notInTime(only)).toEqual({ ...inTime, first: { dueAt: dueAgain, at: lateAgain } })
  })
})
