import { describe, expect, it } from 'vitest'
import { rightLines } from '../../test/rightProgram.ts'
import { checkProgram, faultLines } from './check.ts'

const policy = `${rightLines.slice(0, rightLines.indexOf('recovery:')).join('\n')}
accounts: { owner: seller, fields: { seller: { type: text }, size: { type: number } } }
units:
  levels: [market]
  list: [{ key: se, level: market, name: Sweden, hours: usual }]
employees:
  - { key: E1, name: Eva, unit: se, role: manager, functions: [productOwner, agent] }
hours:
  usual: { timeZone: Europe/Oslo, days: { mon: 08:00-17:00, fri: [08:00-12:00, 13:00-15:00] }, holidays: [2026-12-24] }
themes:
  - { id: speed, name: Speed, words: { en: [late*, too slow], sv: [sen] } }
  - { id: wait, name: Wait, parent: speed, when: answers.satisfaction < 2 && comment != '' }
recovery:
  rules:
    - id: unhappy
      when: answers.satisfaction <= 2 && 'speed' in themes && has(value.rlv) && value.rlv > 100
      firstContact: PT16H
      hours: business
      remind: [PT4H]
      owner: [accountOwner, roundRobin.agent, person.E1]
      stakeholders: [{ who: function.productOwner, when: "'wait' in themes" }]
      escalate: [{ after: PT0S, to: unitManager }, { after: PT8H, to: managerAbove }]
      channel: [{ use: mail, when: size(comment) > 20, because: { en: Clear, sv: Klart } }]
      template: sorry
      cap: { perDay: 3, rest: reply }
    - { id: quiet, when: answers.satisfaction == 3, handle: reply, template: sorry }
  targets: [{ share: solved, atLeast: 80 }]
  decisionMaker: customer.state == 'regular'
  priorityThemes: [speed]
  templates:
    sorry: { subject: { en: Sorry, sv: Beklagar }, body: { en: "{{customer.name}}, {{owner.name}}", sv: x } }
  causes: [{ id: staff, name: Staff }, { id: few, name: Few, parent: staff }]
  actions: [{ id: paid, name: Paid }]
  followUp: { survey: delivery }
  trial: { id: wait, rules: [unhappy], share: 0.2, delay: PT48H, never: customer.state == 'new', stop: { at: 2027-01-31 } }`

const wrong: ReadonlyArray<[from: string, to: string, message: string]> = [
  ['owner: seller', 'owner: sellr', 'accounts.owner: there is no field "sellr"; did you mean "seller"?'],
  ['owner: seller', 'owner: size', 'accounts.owner: expected a field of type text; size is of type number'],
  [
    'accounts: { owner: seller,',
    'accounts: {',
    'recovery.rules[0].owner[0]: "owner" is missing in accounts or contacts: the field with the key of the employee',
  ],
  [
    'roundRobin.agent',
    'roundRobin.agnt',
    'recovery.rules[0].owner[1]: no employee has the function "agnt"; did you mean "agent"?',
  ],
  [
    'who: function.productOwner',
    'who: function.boss',
    'recovery.rules[0].stakeholders[0].who: no employee has the function "boss"; there is productOwner, agent',
  ],
  ['person.E1', 'person.E2', 'recovery.rules[0].owner[2]: there is no employee "E2"; there is E1'],
  [
    'to: unitManager',
    'to: person.x',
    'recovery.rules[0].escalate[0].to: there is no employee "x"; there is E1',
  ],
  [
    'to: unitManager',
    'to: boss',
    'recovery.rules[0].escalate[0].to: expected a person: employee, employeeManager, unitManager, managerAbove, accountOwner, function.<name>, roundRobin.<name> or person.<key>, found "boss"',
  ],
  [
    "'speed' in themes",
    "'sped' in themes",
    'recovery.rules[0].when: "sped" is none of its values; did you mean "speed"?',
  ],
  ['value.rlv > 100', "unit.key == 'no'", 'recovery.rules[0].when: "no" is none of its values; there is se'],
  [
    'value.rlv > 100',
    "'oslo' in unit.path",
    'recovery.rules[0].when: "oslo" is none of its values; there is se',
  ],
  [
    'value.rlv > 100',
    'value.worth > 100',
    'recovery.rules[0].when: value has no field "worth"; there is segment, rlv, revenue, margin, rfm, recency, frequency, monetary, potential, churn',
  ],
  [
    'size(comment) > 20',
    'comment > 20',
    'recovery.rules[0].channel[0].when: > does not go with text and a number',
  ],
  [
    "'wait' in themes",
    "'wait' in theme",
    'recovery.rules[0].stakeholders[0].when: unknown name "theme"; did you mean "themes"?',
  ],
  [
    "customer.state == 'regular'",
    'customer.state',
    'recovery.decisionMaker: expected a condition (true or false), but this gives text',
  ],
  [
    'answers.satisfaction < 2 && comment',
    'size(themes) > 0 && comment',
    'themes[1].when: unknown name "themes"; there is customer, account, order, unit, employee, answers, response, value, comment, now',
  ],
  [
    'priorityThemes: [speed]',
    'priorityThemes: [sped]',
    'recovery.priorityThemes[0]: there is no theme "sped"; did you mean "speed"?',
  ],
  [
    'template: sorry\n      cap',
    'template: sory\n      cap',
    'recovery.rules[0].template: there is no template "sory"; did you mean "sorry"?',
  ],
  [
    'template: sorry\n      cap',
    'cap',
    'recovery.rules[0].cap.rest: "template" is missing: what the reply to the rest says',
  ],
  [
    'handle: reply, template: sorry',
    'handle: reply',
    'recovery.rules[1].handle: "template" is missing: what the reply says',
  ],
  ['id: quiet', 'id: unhappy', 'recovery.rules[1].id: the rule "unhappy" stands twice'],
  [
    'firstContact: PT16H',
    'firstContact: 16h',
    'recovery.rules[0].firstContact: expected an ISO 8601 duration, such as P3M or PT48H, found "16h"',
  ],
  [
    'firstContact: PT16H',
    'firstContact: P2D',
    'recovery.rules[0].firstContact: business hours are counted in hours, such as PT16H; found "P2D"',
  ],
  [
    'remind: [PT4H]',
    'remind: [P4H]',
    'recovery.rules[0].remind[0]: expected an ISO 8601 duration, such as P3M or PT48H; found "P4H"',
  ],
  [
    'remind: [PT4H]',
    'remind: [PT16H]',
    'recovery.rules[0].remind[0]: a reminder comes before the deadline, and within PT16H of the answer',
  ],
  [
    'after: PT0S',
    'after: PT9H',
    'recovery.rules[0].escalate[1].after: the steps stand in the order of their time',
  ],
  ['hours:\n  usual', 'hours:\n  office', 'units.list[0].hours: there are no hours "usual"; there is office'],
  [
    'Europe/Oslo',
    'Europe/Olso',
    'hours.usual.timeZone: expected an IANA time zone, such as Europe/Stockholm; found "Europe/Olso"',
  ],
  [
    '08:00-12:00, 13:00-15:00',
    '08:00-12:00, 11:00-15:00',
    'hours.usual.days.fri[1]: the spans of a day stand in order and do not overlap',
  ],
  ['mon: 08:00-17:00', 'mon: 17:00-08:00', 'hours.usual.days.mon: a span ends after it begins'],
  [
    'mon: 08:00-17:00',
    'mon: 8-17',
    'hours.usual.days.mon: expected a span such as 08:00-17:00, found "8-17"',
  ],
  [
    'mon: 08:00-17:00, fri: [08:00-12:00, 13:00-15:00]',
    '',
    'hours.usual.days: expected at least one day on which somebody works',
  ],
  ['holidays: [2026-12-24]', 'holidays: [2026-02-30]', 'hours.usual.holidays[0]: there is no day 2026-02-30'],
  [
    'holidays: [2026-12-24]',
    'holidays: [2026-12-24, 2026-12-24]',
    'hours.usual.holidays[1]: 2026-12-24 stands twice',
  ],
  [', atLeast: 80', '', 'recovery.targets[0]: "atLeast" or "atMost" is missing: the percentage aimed at'],
  [
    '{{customer.name}}',
    '{{customer.nam}}',
    'recovery.templates.sorry.body.en: {customer.nam} stands for nothing; did you mean "customer.name"?',
  ],
  [', sv: x }', ' }', "recovery.templates.sorry.body: text is missing in sv, of the workspace's languages"],
  [
    ', sv: Klart',
    '',
    "recovery.rules[0].channel[0].because: text is missing in sv, of the workspace's languages",
  ],
  [
    'name: Few, parent: staff',
    'name: Few, parent: staf',
    'recovery.causes[1].parent: there is no cause "staf"; did you mean "staff"?',
  ],
  [
    'name: Few, parent: staff',
    'name: Few, parent: few',
    'recovery.causes[1].parent: the cause "few" stands above itself',
  ],
  [
    'id: speed, name: Speed',
    'id: speed, name: Speed, parent: wait',
    'themes[0].parent: the theme "speed" stands above itself',
  ],
  [
    'followUp: { survey: delivery }',
    'followUp: { survey: deliveri }',
    'recovery.followUp.survey: there is no survey "deliveri"; did you mean "delivery"?',
  ],
  [
    'rules: [unhappy]',
    'rules: [unhapy]',
    'recovery.trial.rules[0]: there is no rule "unhapy"; did you mean "unhappy"?',
  ],
  [
    'rules: [unhappy]',
    'rules: [quiet]',
    'recovery.trial.rules[0]: the rule "quiet" opens no cases that could wait',
  ],
  ['delay: PT48H', 'delay: PT0S', 'recovery.trial.delay: expected some time to wait'],
  [
    "never: customer.state == 'new'",
    'never: customer.stat',
    'recovery.trial.never: customer has no field "stat"; did you mean "state"?',
  ],
  [
    'at: 2027-01-31',
    'at: 2027-02-31',
    'recovery.trial.stop.at: expected a date such as 2026-12-24; found "2027-02-31"',
  ],
  [
    'too slow',
    'too *slow',
    'themes[0].words.en[1]: expected a word, the beginning of one with a star (late*) or a phrase; found "too *slow"',
  ],
]

describe('a recovery policy', () => {
  const faultsOf = (text: string) => checkProgram([{ path: 'p.yaml', text }]).faults

  it('is taken when it is right', () => {
    expect(faultLines(faultsOf(policy))).toBe('')
  })

  it.each(wrong)('is refused: %s -> %s', (from, to, message) => {
    expect(policy).toContain(from)
    const [fault] = faultsOf(policy.replace(from, to))
    expect(fault && `${fault.where}: ${fault.message}`).toBe(message)
    expect(fault?.line).toBeGreaterThan(1)
  })

  it('points at the place in the file', () => {
    const [fault] = faultsOf(policy.replace('function.productOwner', 'function.boss'))
    const line = policy.split('\n').findIndex((each) => each.includes('function.productOwner'))
    expect([fault?.line, policy.split('\n')[line]!.slice(fault!.column - 1)]).toEqual([
      line + 1,
      expect.stringMatching(/^function\.productOwner/),
    ])
  })
})
