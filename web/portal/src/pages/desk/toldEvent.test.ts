import { describe, expect, it } from 'vitest'
import { outdatedReasons } from '../../../../../src/cases/outdated.ts'
import { decisionReasons } from '../../../../../src/cases/policy.ts'
import { caseKinds } from '../../../../../src/channels/queue.ts'
import { nobodyReasons } from '../../../../../src/people/who.ts'
import { en } from '../../words/en.ts'
import { formats } from '../../words/format.ts'
import type { Words } from '../../words/shape.ts'
import { type CaseEvent, chosenIn, historyOf, toldEvent } from './toldEvent.ts'

type Mails = Parameters<typeof historyOf>[0]['mails']

const words = en as Words
const telling = {
  words,
  formats: formats('en', words),
  policy: undefined,
  ruleName: (id: string) => ({ low: 'Low score', safety: 'Safety first' })[id] ?? id,
  personName: (id: string) => ({ anna: 'Anna Berg' })[id] ?? id,
}
const event = (kind: string, detail: CaseEvent['detail'], note: string | null = null): CaseEvent => ({
  revision: 1,
  at: '2026-03-02T08:00:00.000Z',
  kind,
  actor: null,
  actorId: null,
  note,
  detail,
})
const all = (each: CaseEvent) => {
  const { head, more } = toldEvent(each, telling)
  return [head, chosenIn(each, telling), ...more].filter(Boolean)
}

describe('the history of a case tells', () => {
  it('why an escalation reached nobody', () => {
    expect(all(event('escalated', { people: [], who: 'managerAbove', next: null }, 'noneAbove'))).toEqual([
      'Escalated, but to nobody',
      'Meant was the manager above: owns it already, and nobody stands above.',
    ])
  })

  it('whom an escalation reached instead of those who may not have the case', () => {
    const detail = {
      ...{ who: 'function.management', because: 'unitManager', people: [{ id: 'karin', name: 'Karin' }] },
      passed: [
        { who: 'function.management', nobody: 'about' },
        { who: 'person.anna', nobody: 'mayNotWork' },
      ],
    }
    expect(all(event('escalated', detail)).slice(1)).toEqual([
      'Karin',
      'By the policy: the unit’s manager.',
      'Passed over: Management (it is about them), Anna Berg (may look at cases, but not work on them).',
    ])
  })

  it('that its follow-up was to wait by lot, and until when', () => {
    const detail = { trial: 'atOnce', arm: 'later', holdUntil: '2026-03-05T08:00:00.000Z' }
    expect(all(event('opened', detail))).toEqual([
      'Opened',
      expect.stringMatching(/^By the lot of the trial “At once” its follow-up was to wait until .*Mar 2026/),
    ])
  })

  it('whose it became, by which word of the policy, and who was passed over', () => {
    const passed = [
      { who: 'accountOwner', nobody: 'noAccountOwner' },
      { who: 'person.anna', nobody: 'away' },
    ]
    const detail = { owner: 'bo', ownerName: 'Bo', because: 'roundRobin.service', passed }
    expect(all(event('opened', detail))).toEqual([
      'Opened',
      'Bo',
      'By the policy: Service, in turn.',
      'Passed over: the account’s owner (the account has no owner), Anna Berg (away).',
    ])
  })

  it('who is told where nobody can have it but whom it is about', () => {
    const detail = {
      passed: [{ who: 'unitManager', nobody: 'about' }],
      people: [{ id: 'user:1', name: 'Lena Ek' }],
    }
    expect(all(event('opened', detail))).toEqual([
      'Opened',
      'Told instead: Lena Ek.',
      'Passed over: the unit’s manager (it is about them).',
    ])
  })

  it('which rule it goes by now, and until when', () => {
    const detail = { rule: 'safety', fromRule: 'low', contactDueAt: '2026-03-02T12:00:00.000Z' }
    const [head, ...more] = all(event('joined', detail))
    expect(head).toBe('Another answer joined')
    expect(more[0]).toBe('Goes by “Safety first” now, which is stricter than “Low score”.')
    expect(more[1]).toMatch(/^First contact is due by 2 Mar 2026/)
  })

  it('that it was opened again since the customer says it is not solved', () => {
    expect(all(event('reopened', { responseId: '1', solved: false }))).toEqual([
      'Opened again',
      words.desk.solvedNo,
    ])
    expect(all(event('reopened', { responseId: '1' }))).toEqual(['Opened again'])
  })

  it('that it is nobody’s since its owner has left', () => {
    const detail = { reason: 'ownerGone', from: 'anna', fromName: 'Anna Berg' }
    expect(all(event('assigned', detail))).toEqual(['Given to', words.cases.noOwner, 'Anna Berg has left.'])
  })

  it('what a person wrote as they wrote it', () => {
    expect(all({ ...event('noted', null, 'away'), actor: 'Bo' })).toEqual(['Note', 'away'])
  })

  it('who was not told any more and why, between what happened before and after', () => {
    const [first, last] = [event('contacted', { channel: 'phone' }), event('closed', { outcome: 'solved' })]
    const at = (hour: number) => `2026-03-02T${hour}:00:00.000Z`
    const history = historyOf({
      events: [
        { ...first, at: at(10) },
        { ...last, at: at(12) },
      ],
      withdrawn: [{ at: at(11), to: 'Karin Ek', kind: 'caseReminder', reason: 'contacted' }],
      mails: [],
    })
    expect(history.map((each) => all(each))).toEqual([
      ['Reached', 'Phone'],
      ['No longer told', 'Karin Ek', 'The reminder was not sent: the customer had been reached.'],
      ['Closed', 'Solved'],
    ])
  })

  it('which letter came from another address than the customer’s', () => {
    const letter = (mailId: string, otherSender: boolean) => ({ mailId, otherSender }) as Mails[number]
    const history = historyOf({
      events: ['own', 'strange'].map((mailId) => event('replied', { mailId }, 'Re: Your chairs')),
      withdrawn: [],
      mails: [letter('own', false), letter('strange', true)],
    })
    expect(history.map((each) => all(each))).toEqual([
      ['Mail', 'Re: Your chairs'],
      ['Mail', 'It came from another address than the customer’s.', 'Re: Your chairs'],
    ])
  })

  it('every reason there is in words', () => {
    expect(nobodyReasons.filter((reason) => !words.desk.nobody[reason])).toEqual([])
    expect(outdatedReasons.filter((reason) => !words.desk.withdrawnSince[reason])).toEqual([])
    expect(caseKinds.filter((kind) => !words.desk.withdrawnOf[kind])).toEqual([])
    expect(decisionReasons.filter((reason) => !words.decisionReason[reason])).toEqual([])
  })
})
