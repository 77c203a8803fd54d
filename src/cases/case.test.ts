import { describe, expect, it } from 'vitest'
import { Refusal } from '../base/errors.ts'
import { randomFrom } from '../stats/random.ts'
import { type Actor, act, after, allowedActions, type CaseAction, moves, type ProductAction } from './case.ts'
import { type CaseEvent, type CaseStanding, openedStanding } from './standing.ts'

const at = new Date('2026-03-02T10:00:00Z')
const later = new Date('2026-03-02T12:00:00Z')
const due = new Date('2026-03-04T10:00:00Z')
const overdue = new Date('2026-03-04T11:00:00Z')
const anna: Actor = { id: 'u1', name: 'Anna', mandate: false }
const bo: Actor = { id: 'u2', name: 'Bo', mandate: false }
const lead: Actor = { id: 'lead', name: 'Lena', mandate: true }
const opened = openedStanding({ at, answeredAt: at, contactDueAt: due, next: due })
const rules = { causes: ['carrier', 'stock'], actions: ['refunded'] }

const codeOf = (work: () => unknown) => {
  try {
    work()
  } catch (error) {
    return (error as Refusal).code
  }
  return 'none'
}
/** Done by somebody who sees the case as it is. */
const does = (standing: CaseStanding, action: CaseAction, actor = anna, when = at) =>
  act(standing, action, { actor, revision: standing.revision, at: when, rules }).standing
const product = (standing: CaseStanding, action: ProductAction, when = at) =>
  act(standing, action, { actor: null, at: when }).standing

describe('a case', () => {
  it('is taken, the customer is reached, and it is closed with outcome and cause', () => {
    const taken = does(opened, { kind: 'take' })
    expect(taken).toMatchObject({ state: 'taken', owner: 'u1', takenAt: at, assignedAt: at })
    const contacted = does(taken, { kind: 'contact', channel: 'phone' }, anna, later)
    expect(contacted).toMatchObject({
      state: 'contacted',
      contactedAt: later,
      channel: 'phone',
      nextCheckAt: null,
    })
    const closed = does(contacted, { kind: 'close', outcome: 'solved', cause: 'stock' }, anna, later)
    expect(closed).toMatchObject({
      state: 'closed',
      outcome: 'solved',
      cause: 'stock',
      closedAt: later,
      revision: 4,
    })
  })

  it('changes hands, and keeps when it was first taken', () => {
    const moved = does(does(opened, { kind: 'take' }), { kind: 'take' }, bo, later)
    expect(moved).toMatchObject({ owner: 'u2', ownerName: 'Bo', takenAt: at, assignedAt: later })
  })

  it('waits again for whom it is given or forwarded to; forwards are counted, assignments not', () => {
    const taken = does(opened, { kind: 'take' })
    const given = does(taken, { kind: 'assign', to: bo }, lead)
    expect(given).toMatchObject({ state: 'open', owner: 'u2', forwarded: 0 })
    const passed = does(given, { kind: 'forward', to: anna, note: 'She knows them.' }, bo)
    expect(passed).toMatchObject({ state: 'open', owner: 'u1', ownerName: 'Anna', forwarded: 1 })
  })

  it('is worked on by its owner; by others only when they take it or have mandate', () => {
    const taken = does(opened, { kind: 'take' })
    const contact = { kind: 'contact', channel: 'phone' } as const
    expect(codeOf(() => does(taken, contact, bo))).toBe('case.notYours')
    expect(codeOf(() => does(taken, { kind: 'assign', to: anna }, bo))).toBe('access.denied')
    expect(does(taken, contact, lead)).toMatchObject({ state: 'contacted', owner: 'u1' })
    expect(does(does(taken, { kind: 'take' }, bo), contact, bo)).toMatchObject({ owner: 'u2' })
    expect(allowedActions(taken, bo)).toEqual(['take', 'note', 'attempt', 'escalate', 'watch', 'unwatch'])
  })

  it('is escalated by anybody, with mandate or without', () => {
    const taken = does(opened, { kind: 'take' })
    expect(does(taken, { kind: 'escalate', to: [lead] }, bo)).toMatchObject({
      escalatedAt: at,
      escalation: 0,
    })
  })

  it('belongs to whoever closes it untaken', () => {
    const closed = does(opened, { kind: 'close', outcome: 'no answer' }, bo)
    expect(closed).toMatchObject({ state: 'closed', owner: 'u2', takenAt: at })
  })

  it('is not closed as solved or not solved without a cause the program declares', () => {
    for (const outcome of ['solved', 'not solved'] as const)
      expect(codeOf(() => does(opened, { kind: 'close', outcome }))).toBe('case.incomplete')
    expect(codeOf(() => does(opened, { kind: 'close', outcome: 'solved', cause: 'weather' }))).toBe(
      'case.incomplete',
    )
    const recorded = does(opened, { kind: 'record', cause: 'stock', action: 'refunded', churnBefore: 0.4 })
    expect(does(recorded, { kind: 'close', outcome: 'solved' })).toMatchObject({
      cause: 'stock',
      action: 'refunded',
    })
    const none = { causes: undefined, actions: undefined }
    const close = { kind: 'close', outcome: 'solved' } as const
    expect(act(opened, close, { actor: anna, revision: 1, at, rules: none }).standing.state).toBe('closed')
  })

  it('counts as missed when the deadline passed, also if it is handled afterwards', () => {
    expect(does(opened, { kind: 'contact', channel: 'phone' }, anna, overdue).missedAt).toEqual(due)
    expect(does(opened, { kind: 'close', outcome: 'no answer' }, anna, overdue).missedAt).toEqual(due)
    const missed = product(opened, { kind: 'missed', next: null }, overdue)
    expect(missed).toMatchObject({ missedAt: due, nextCheckAt: null })
    expect(does(missed, { kind: 'contact', channel: 'mail' }, anna, overdue).missedAt).toEqual(due)
  })

  it('is opened again with a new deadline, and is to be contacted again', () => {
    const closed = does(does(opened, { kind: 'contact', channel: 'phone' }), {
      kind: 'close',
      outcome: 'no answer',
    })
    const again = does(closed, { kind: 'reopen', note: 'They called.', contactDueAt: overdue })
    expect(again).toMatchObject({
      state: 'open',
      outcome: null,
      contactedAt: null,
      contactDueAt: overdue,
      reopened: 1,
    })
    const bad = { kind: 'reopened', responseId: 'r2', answeredAt: later, contactDueAt: overdue } as const
    expect(product(closed, bad)).toMatchObject({
      state: 'open',
      joined: 1,
      lastAnswerAt: later,
      nextCheckAt: overdue,
    })
  })

  it('that was reached in time keeps that when it is opened again; the new deadline is missed by itself', () => {
    const reached = does(opened, { kind: 'contact', channel: 'phone' }, anna, later)
    const closed = does(reached, { kind: 'close', outcome: 'solved', cause: 'stock', quote: 'Thanks' })
    const again = does(closed, { kind: 'reopen', note: 'x', contactDueAt: overdue })
    const first = { firstContactedAt: later, firstDueAt: due, firstChannel: 'phone', missedAt: null }
    expect(again).toMatchObject({ ...first, missedAgainAt: null, cause: 'stock', quote: 'Thanks' })
    const missed = product(again, { kind: 'missed', next: null }, overdue)
    expect(missed).toMatchObject({ ...first, missedAgainAt: overdue })
    const mailed = does(missed, { kind: 'contact', channel: 'mail' }, anna, overdue)
    expect(mailed).toMatchObject({ ...first, contactedAt: overdue, channel: 'mail' })
    const thrice = does(does(mailed, { kind: 'close', outcome: 'no answer' }), {
      ...{ kind: 'reopen', note: 'x', contactDueAt: due },
    })
    expect(thrice).toMatchObject({ ...first, reopened: 2 })
  })

  it('stands as news when something came from the customer, until its owner has read or answered that', () => {
    const taken = does(opened, { kind: 'take' })
    const replied = product(taken, { kind: 'replied', mailId: 'm' })
    expect(replied).toMatchObject({ newsRevision: 3, settledRevision: 2 })
    expect(does(replied, { kind: 'read' }, bo).newsRevision).toBe(3)
    expect(does(replied, { kind: 'read' }).newsRevision).toBeNull()
    // What was done without having seen it leaves it standing, also when that closes the case.
    const close = { kind: 'close', outcome: 'no answer' } as const
    const unseen = act(replied, close, { actor: anna, revision: 2, at }).standing
    expect(unseen).toMatchObject({ state: 'closed', newsRevision: 3 })
    expect(does(unseen, { kind: 'read' }, bo).newsRevision).toBeNull()
    expect(does(replied, { kind: 'contact', channel: 'mail' }, lead).newsRevision).toBeNull()
  })

  it('is changed by nobody who saw it before another change; what only adds hinders nobody', () => {
    const noted = act(opened, { kind: 'note', note: 'called' }, { actor: bo, at }).standing
    expect(noted).toEqual({ ...opened, revision: 2 })
    expect(act(noted, { kind: 'take' }, { actor: anna, revision: 1, at }).standing).toMatchObject({
      state: 'taken',
      revision: 3,
    })
    const taken = does(noted, { kind: 'take' }, bo)
    expect(codeOf(() => act(taken, { kind: 'take' }, { actor: anna, revision: 1, at }))).toBe('case.changed')
    const joined = product(taken, { kind: 'joined', responseId: 'r2', answeredAt: later })
    const close = { kind: 'close', outcome: 'no answer' } as const
    expect(codeOf(() => act(joined, close, { actor: bo, revision: 3, at }))).toBe('case.changed')
    expect(codeOf(() => act(taken, { kind: 'take' }, { actor: anna, revision: 9, at }))).toBe('case.changed')
    expect(codeOf(() => act(taken, { kind: 'take' }, { actor: anna, at }))).toBe('case.changed')
  })

  it('when closed, can be opened again, noted and recorded on, and nothing else', () => {
    const closed = does(opened, { kind: 'close', outcome: 'no answer' })
    expect(allowedActions(product(closed, { kind: 'replied' }), bo)).toContain('read')
    expect(allowedActions(closed, lead)).toEqual(['note', 'record', 'reopen', 'watch', 'unwatch'])
    expect(codeOf(() => does(closed, { kind: 'take' }))).toBe('case.closed')
    expect(codeOf(() => does(opened, { kind: 'reopen', note: 'x', contactDueAt: due }))).toBe('case.open')
  })

  it('keeps what the customer says of it', () => {
    const closed = does(opened, { kind: 'close', outcome: 'no answer' })
    const told = product(closed, { kind: 'followedUp', solved: false, responseId: 'r3' }, later)
    expect(told).toMatchObject({ state: 'closed', solvedByCustomer: false, solvedByCustomerAt: later })
  })
})

describe('whatever is done in whatever order', () => {
  const random = randomFrom(7)
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T
  const actors = [anna, bo, lead]

  function anything(now: Date): CaseAction | ProductAction {
    const soon = new Date(now.getTime() + 3_600_000 * 48 * random())
    const causes = [undefined, null, 'stock', 'carrier', 'weather']
    const kind = pick(Object.keys(moves)) as keyof typeof moves
    const cause = pick(causes)
    const fields = {
      ...(cause === undefined ? {} : { cause }),
      to: kind === 'escalate' || kind === 'escalated' ? [pick(actors)] : pick(actors),
      note: 'said',
      channel: pick(['phone', 'mail'] as const),
      outcome: pick(['solved', 'not solved', 'no answer'] as const),
      contactDueAt: soon,
      answeredAt: now,
      responseId: 'r',
      solved: random() < 0.5,
      ...(moves[kind].who === 'product' && random() < 0.5 ? { next: soon } : {}),
    }
    return { kind, ...fields } as unknown as CaseAction | ProductAction
  }

  it('each change is one revision, a closed case has an outcome, missed stays, and the history gives the standing', () => {
    let changes = 0
    const reached = new Set<string>()
    for (let run = 0; run < 300; run++) {
      let standing = opened
      const history: CaseEvent[] = []
      let now = at
      for (let step = 0; step < 40; step++) {
        now = new Date(now.getTime() + 3_600_000 * 6 * random())
        const action = anything(now)
        const mine = moves[action.kind].who !== 'product'
        const revision = random() < 0.85 ? standing.revision : Math.max(1, standing.revision - 2)
        const before = standing
        try {
          const by = mine ? { actor: pick(actors), revision, at: now, rules } : { actor: null, at: now }
          const result = act(standing, action, by)
          history.push(result.event)
          standing = result.standing
        } catch (error) {
          if (!(error instanceof Refusal)) throw error
          continue
        }
        changes++
        reached.add(`${before.state} ${action.kind}`)
        expect(standing.revision).toBe(before.revision + 1)
        expect(standing.settledRevision).toBeLessThanOrEqual(standing.revision)
        expect(standing.state === 'closed').toBe(standing.outcome !== null && standing.closedAt !== null)
        expect(standing.state === 'contacted').toBe(
          standing.contactedAt !== null && standing.state !== 'closed',
        )
        if (standing.outcome !== null && standing.outcome !== 'no answer' && action.kind === 'close')
          expect(rules.causes).toContain(standing.cause)
        if (before.missedAt) expect(standing.missedAt).toEqual(before.missedAt)
        if (before.missedAgainAt) expect(standing.missedAgainAt).toEqual(before.missedAgainAt)
        if (before.firstContactedAt) expect(standing.firstContactedAt).toEqual(before.firstContactedAt)
        if (standing.contactedAt && standing.contactedAt > standing.contactDueAt)
          expect(standing.firstContactedAt ? standing.missedAgainAt : standing.missedAt).not.toBeNull()
        if (standing.state === 'taken') expect(standing.owner).not.toBeNull()
      }
      // As the store keeps it: details are JSON.
      const told = history.map((event) => ({ ...event, detail: JSON.parse(JSON.stringify(event.detail)) }))
      expect(told.reduce(after, opened)).toEqual(standing)
    }
    const possible = Object.entries(moves).flatMap(([kind, { to }]) =>
      Object.keys(to).map((from) => `${from} ${kind}`),
    )
    expect([...reached].sort()).toEqual(possible.sort())
    expect(changes).toBeGreaterThan(3000)
  })
})
