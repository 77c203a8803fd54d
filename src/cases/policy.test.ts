import { describe, expect, it } from 'vitest'
import type { RecoveryRule } from '../program/schema-recovery.ts'
import { type Circumstances, type Decision, type DecisionReason, decide, decisionReasons } from './policy.ts'
import { armOf, isEligible, stopped, type Trial } from './trial.ts'

const rule: RecoveryRule = { id: 'unhappy', when: 'true' }
const capped = (rest?: 'reply' | 'none'): RecoveryRule => ({
  ...rule,
  template: 'sorry',
  cap: { perDay: 2, ...(rest ? { rest } : {}) },
})
const usual: Circumstances = {
  rule,
  noReply: undefined,
  tooOld: false,
  openCase: undefined,
  closedCase: undefined,
  opened: 0,
}

/** Circumstances that lead to each reason, and what is done then. */
const examples: Array<[DecisionReason, Partial<Circumstances>, Omit<Decision, 'reason'>]> = [
  ['opened', {}, { handling: 'case' }],
  ['opened', { rule: capped(), opened: 1 }, { handling: 'case' }],
  ['noRule', { rule: undefined, openCase: 'c1' }, { handling: 'none' }],
  ['noneByRule', { rule: { ...rule, handle: 'none' }, openCase: 'c1' }, { handling: 'none' }],
  ['noneByRule', { rule: { ...rule, handle: 'none' }, tooOld: true }, { handling: 'none' }],
  ['tooOld', { tooOld: true, openCase: 'c1' }, { handling: 'none' }],
  ['tooOld', { rule: { ...rule, handle: 'reply' }, tooOld: true }, { handling: 'none' }],
  ['replied', { rule: { ...rule, handle: 'reply' } }, { handling: 'reply' }],
  ['noCustomer', { rule: { ...rule, handle: 'reply' }, noReply: 'noCustomer' }, { handling: 'none' }],
  ['noMail', { rule: { ...rule, handle: 'reply' }, noReply: 'noMail' }, { handling: 'none' }],
  ['joinedOpen', { openCase: 'c1', closedCase: 'c0' }, { handling: 'joined', caseId: 'c1' }],
  ['joinedOpen', { rule: capped(), opened: 9, openCase: 'c1' }, { handling: 'joined', caseId: 'c1' }],
  ['reopened', { closedCase: 'c0' }, { handling: 'reopened', caseId: 'c0' }],
  ['capped', { rule: capped(), opened: 2 }, { handling: 'none' }],
  ['cappedReplied', { rule: capped('reply'), opened: 2 }, { handling: 'reply' }],
  ['cappedNoReply', { rule: capped('reply'), opened: 2, noReply: 'noMail' }, { handling: 'none' }],
]

describe('an answer is decided about', () => {
  it.each(examples)('as %s: %j', (reason, circumstances, rest) => {
    expect(decide({ ...usual, ...circumstances })).toEqual({ ...rest, reason })
  })

  it('with a reason that is known, each of which can come about', () => {
    // The lot is drawn after a case was decided upon; a no to the follow-up question opens its case by itself.
    const met = new Set<string>([...examples.map(([reason]) => reason), 'heldByTrial', 'followUpNo'])
    expect([...met].sort()).toEqual([...decisionReasons].sort())
  })
})

describe('a trial', () => {
  const trial: Trial = { id: 'wait', rules: ['unhappy'], share: 0.25, delay: 'PT48H' }

  it('draws the same lot for a case each time, and its share of all', () => {
    const arms = Array.from({ length: 4000 }, (_, index) => armOf(trial, `case ${index}`))
    expect(arms).toEqual(Array.from({ length: 4000 }, (_, index) => armOf(trial, `case ${index}`)))
    const later = arms.filter((arm) => arm === 'later').length
    // Four standard deviations of 4,000 draws.
    expect(Math.abs(later - 1000)).toBeLessThan(4 * Math.sqrt(4000 * 0.25 * 0.75))
  })

  it('takes cases of its rules alone that are known to be unimportant, and none that its guard names', () => {
    const facts = { rule: 'unhappy', priority: 50, never: false }
    const below = { ...trial, priorityBelow: 100 }
    expect(isEligible(trial, { ...facts, priority: null })).toBe(true)
    expect(isEligible(below, facts)).toBe(true)
    expect(isEligible(below, { ...facts, priority: 100 })).toBe(false)
    expect(isEligible(below, { ...facts, priority: null })).toBe(false)
    expect(isEligible(trial, { ...facts, rule: 'other' })).toBe(false)
    expect(isEligible(trial, { ...facts, never: true })).toBe(false)
    expect(isEligible(trial, { ...facts, never: undefined })).toBe(false)
  })

  it('stops after so many cases, from its day on, and on harm', () => {
    const ending: Trial = { ...trial, stop: { cases: 100, at: '2026-06-01', harm: 5 } }
    expect(stopped(trial, 1e6, false, '2030-01-01')).toBeUndefined()
    expect(stopped(ending, 99, false, '2026-05-31')).toBeUndefined()
    expect(stopped(ending, 100, false, '2026-05-31')).toBe('cases')
    expect(stopped(ending, 99, false, '2026-06-01')).toBe('at')
    expect(stopped(ending, 99, true, '2026-05-31')).toBe('harm')
  })
})
