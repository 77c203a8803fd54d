import { describe, expect, it } from 'vitest'
import type { Refusal } from '../base/errors.ts'
import { act, type CaseAction, type CaseStanding } from './case.ts'

const at = new Date('2026-03-02T10:00:00Z')
const later = new Date('2026-03-02T12:00:00Z')
const anna = { id: 'u1', name: 'Anna' }
const bo = { id: 'u2', name: 'Bo' }
const opened: CaseStanding = {
  state: 'open',
  owner: null,
  ownerName: null,
  outcome: null,
  takenAt: null,
  closedAt: null,
  revision: 1,
}
const codeOf = (work: () => unknown) => {
  try {
    work()
  } catch (error) {
    return (error as Refusal).code
  }
  return 'none'
}

describe('a case', () => {
  it('is taken by the one who takes it, and then closed with an outcome', () => {
    const taken = act(opened, { kind: 'take' }, 1, anna, at)
    expect(taken).toMatchObject({ event: 'taken', standing: { state: 'taken', owner: 'u1', takenAt: at } })
    const closed = act(taken.standing, { kind: 'close', outcome: 'solved' }, 2, anna, later)
    expect(closed.standing).toMatchObject({
      state: 'closed',
      outcome: 'solved',
      closedAt: later,
      revision: 3,
    })
  })

  it('changes hands, and keeps when it was first taken', () => {
    const taken = act(opened, { kind: 'take' }, 1, anna, at).standing
    const moved = act(taken, { kind: 'take' }, 2, bo, later).standing
    expect(moved).toMatchObject({ owner: 'u2', ownerName: 'Bo', takenAt: at })
  })

  it('belongs to whoever closes it untaken', () => {
    const closed = act(opened, { kind: 'close', outcome: 'no answer' }, 1, bo, at).standing
    expect(closed).toMatchObject({ state: 'closed', owner: 'u2', takenAt: at })
  })

  it('stays as it is when noted', () => {
    const noted = act(opened, { kind: 'note', note: 'called' }, 1, bo, at)
    expect(noted).toEqual({ event: 'noted', standing: { ...opened, revision: 2 } })
  })

  const actions: CaseAction[] = [
    { kind: 'take' },
    { kind: 'note', note: 'x' },
    { kind: 'close', outcome: 'solved' },
  ]
  it.each(actions)('refuses $kind by somebody who saw an earlier revision, and once closed', (action) => {
    expect(codeOf(() => act({ ...opened, revision: 2 }, action, 1, anna, at))).toBe('case.changed')
    expect(codeOf(() => act({ ...opened, state: 'closed' }, action, 1, anna, at))).toBe('case.closed')
  })
})
