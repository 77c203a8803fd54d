import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { stableId } from '../../src/base/ids.ts'
import { caseDetail } from '../../src/cases/detail.ts'
import { openCases } from '../../src/cases/open.ts'
import { changeCase } from '../../src/cases/store.ts'
import { latestAnswer } from '../../src/channels/latestAnswer.ts'
import { closeHouse, openWorkshop } from '../workshop.ts'
import { openRecovery, type Recovery, recoveryShop, staff } from './recovery.ts'

// The database takes its time to open on a busy machine.
beforeAll(async () => void (await openWorkshop('2026-03-01T00:00:00Z')), 120_000)
afterAll(closeHouse)

const monday = '2026-03-02T09:00:00Z'
const policy = (rules: string, more = '') => `themes:
  - { id: service, name: Service }
  - { id: waiting, name: Waiting, parent: service, words: { en: [late*] } }
recovery:
  rules:
${rules}
  templates:
    sorry: { subject: Sorry, body: "Dear {{customer.name}}, you said it. {{workspace.name}}" }
${more}`
const open = (rules: string, more?: string, employees?: string) =>
  openRecovery(monday, recoveryShop(policy(rules, more), employees))

const detractor = '    - { id: detractor, when: has(answers.recommend) && answers.recommend <= 6 }'
const cases = (recovery: Recovery) =>
  recovery.rows<Record<string, unknown>>(
    `select rule, reason, state, owner, owner_name, contact_due_at, next_check_at, band, has_comment, decision_maker,
       high_value, priority_theme, themes, recommended, recommended_because, template, joined, reopened, outcome,
       closed_at, trial, trial_arm, hold_until, revision, case_id
     from cases join case_deadlines using (workspace_id, case_id) order by opened_at, case_id`,
  )
const close = (recovery: Recovery, caseId: string, outcome: 'solved' | 'not solved' = 'solved') =>
  recovery.database.inWorkspace(recovery.workspaceId, async (tx) => {
    const [row] = await tx.query<{ revision: number }>(
      'select revision from case_deadlines where case_id = $1',
      [caseId],
    )
    await changeCase(tx, recovery, {
      caseId,
      action: { kind: 'close', outcome },
      actor: { id: 'kari', name: 'Kari', mandate: true },
      revision: row!.revision,
      at: recovery.clock.now(),
    })
  })

describe('every completed answer', () => {
  it('is decided about once, with the rule and the reason, also when nothing is done', async () => {
    const recovery = await open(`${detractor}
    - { id: passive, when: answers.recommend <= 8, handle: none }`)
    const ids = await recovery.answer({}, { answers: { recommend: 8 } }, { answers: { recommend: 10 } })
    await recovery.decide(ids)
    await Promise.all([recovery.decide(ids), recovery.decide(ids)])
    const decisions = (await recovery.decisions()).map(({ rule, handling, reason }) => [
      rule,
      handling,
      reason,
    ])
    expect(decisions.sort()).toEqual([
      [null, 'none', 'noRule'],
      ['detractor', 'case', 'opened'],
      ['passive', 'none', 'noneByRule'],
    ])
    expect(await recovery.history()).toHaveLength(1)
  })

  it('is left alone when it was given longer ago than the program says', async () => {
    const usual = await open(`${detractor}
    - { id: thankful, when: answers.recommend == 10, handle: reply, template: sorry }`)
    const weeks = (many: number) => ({ at: new Date(Date.parse(monday) - many * 7 * 86_400_000) })
    await usual.answer(weeks(3), { ...weeks(3), answers: { recommend: 10 } }, weeks(1), {
      answers: { recommend: 10 },
    })
    expect((await usual.decisions()).map(({ handling, reason }) => [handling, reason]).sort()).toEqual([
      ['case', 'opened'],
      ['none', 'tooOld'],
      ['none', 'tooOld'],
      ['reply', 'replied'],
    ])
    expect(await usual.mails()).toHaveLength(1)
    const recovery = await open(detractor, '  openWithin: P30D')
    const old = new Date('2026-01-30T00:00:00Z')
    await recovery.answer({ at: old }, { at: new Date('2026-02-01T00:00:00Z') })
    expect((await recovery.decisions()).map(({ handling, reason }) => [handling, reason])).toEqual([
      ['none', 'tooOld'],
      ['case', 'opened'],
    ])
    // A replay decides when the answer was given, by a clock that tells that time.
    const replayed = await open(detractor, '  openWithin: P30D')
    const clock = { now: () => new Date(monday), at: (due: Date) => due }
    const ids = await replayed.given({ at: old })
    await openCases({ ...replayed.parts, clock }, replayed.workspaceId, ids)
    expect((await replayed.decisions()).map(({ reason }) => reason)).toEqual(['opened'])
  })

  it('is left alone where the program has no rules', async () => {
    const recovery = await openRecovery(monday, recoveryShop(''))
    await recovery.answer({})
    expect(await recovery.decisions()).toEqual([])
  })
})

describe('a case', () => {
  it('carries what lists and shares are told by', async () => {
    const recovery = await open(
      `    - id: sharp
      when: "'service' in themes && comment.contains('again')"
      reason: unhappy
      channel:
        - { use: mail, when: size(comment) > 200 }
        - { use: meeting, when: "'waiting' in themes", because: { en: Seen, sv: Sedd, nb: Sett } }
      template: sorry`,
      `  decisionMaker: customer.tier == 'gold'
  highValue: customer.tier == 'plain'
  priorityThemes: [service]`,
    )
    await recovery.answer({ answers: { recommend: 3 }, comment: 'Late again', fields: { tier: 'gold' } })
    expect(await cases(recovery)).toMatchObject([
      {
        ...{ rule: 'sharp', reason: 'unhappy', state: 'open', band: 'strongDetractor', has_comment: true },
        ...{ decision_maker: true, high_value: false, priority_theme: true, themes: ['waiting', 'service'] },
        ...{ recommended: 'meeting', recommended_because: { en: 'Seen', sv: 'Sedd', nb: 'Sett' } },
        ...{ template: 'sorry', revision: 1 },
      },
    ])
  })

  it('is answered by telephone, or by mail where there is no number', async () => {
    const recovery = await open(detractor)
    await recovery.answer({ phone: '1' })
    await recovery.rows(`update contacts set phone = null`)
    const [id] = await recovery.given({ customer: 'silent', at: new Date('2026-03-02T09:01:00Z') })
    await recovery.rows(`update contacts set phone = null`)
    await recovery.decide([id!])
    expect((await cases(recovery)).map(({ recommended }) => recommended).sort()).toEqual(['mail', 'phone'])
  })

  it('is not recommended to be answered by a mail that has no address', async () => {
    const recovery = await open(`${detractor.replace(' }', ', channel: [{ use: mail }] }')}`)
    const [id] = await recovery.given({ email: null })
    await recovery.rows(`update contacts set phone = null`)
    await recovery.decide([id!])
    expect((await cases(recovery))[0]).toMatchObject({
      recommended: 'phone',
      recommended_because: { en: 'Neither telephone number nor e-mail address is known' },
    })
  })

  it('is due in business hours where the rule says so', async () => {
    const recovery = await openRecovery(
      '2026-03-06T14:00:00Z',
      `${recoveryShop(policy(detractor.replace(' }', ', firstContact: PT4H, hours: business, remind: [PT3H] }')))}
hours:
  usual: { days: { mon: 08:00-17:00, fri: 08:00-17:00 } }`,
    )
    await recovery.answer({})
    // Friday 15:00 in Stockholm: two hours are left of that day, two more are on Monday.
    expect(await cases(recovery)).toMatchObject([
      { contact_due_at: new Date('2026-03-09T09:00:00Z'), next_check_at: new Date('2026-03-06T15:00:00Z') },
    ])
  })
})

describe('an answer that was handed in days after it was given', () => {
  const given = new Date('2026-02-21T09:00:00Z')
  const rules = `    - { id: sharp, when: answers.recommend <= 3, reason: unhappy, firstContact: PT4H, remind: [PT1H] }
    - { id: mild, when: answers.recommend <= 6, reason: unhappy, remind: [PT8H] }`

  it('is to be answered in time from when it came in, also when nobody looked at once', async () => {
    const recovery = await open(rules)
    const [early, late] = await recovery.given({ at: given, answers: { recommend: 5 } }, { at: given })
    const cameIn = new Map([[late as string, new Date('2026-03-02T08:00:00Z')]])
    await openCases(recovery.parts, recovery.workspaceId, [early as string, late as string], cameIn)
    expect((await cases(recovery)).sort((one, other) => (one.rule! < other.rule! ? -1 : 1))).toMatchObject([
      {
        ...{ rule: 'mild', contact_due_at: new Date('2026-03-04T09:00:00Z') },
        next_check_at: new Date('2026-03-04T01:00:00Z'),
      },
      {
        ...{ rule: 'sharp', contact_due_at: new Date('2026-03-02T12:00:00Z') },
        next_check_at: new Date('2026-03-02T11:00:00Z'),
      },
    ])
    await recovery.drain()
    expect((await recovery.history()).map((each) => each.split(' ')[0])).toEqual(['opened', 'opened'])
    // Nobody but the manager is told, and of nothing but that they are there.
    expect(await recovery.mails()).toEqual(['case kari', 'case kari'])
  })

  it('that was answered by a link was known when it was given', async () => {
    const recovery = await open(rules)
    const [id] = await recovery.given({ at: given })
    await recovery.rows(`update responses set way_in = 'survey'`)
    const cameIn = new Map([[id as string, given]])
    await openCases(recovery.parts, recovery.workspaceId, [id as string], cameIn)
    expect(await cases(recovery)).toMatchObject([{ contact_due_at: new Date('2026-02-21T13:00:00Z') }])
  })

  it('makes the case that it joins, or opens again, due from when it came in', async () => {
    const recovery = await open(rules)
    await recovery.answer({ customer: 'ann', answers: { recommend: 5 } })
    recovery.moveTo('2026-03-03T09:00:00Z')
    await recovery.answer({ customer: 'ann', at: given })
    expect(await cases(recovery)).toMatchObject([
      {
        ...{ rule: 'sharp', joined: 1, contact_due_at: new Date('2026-03-03T13:00:00Z') },
        next_check_at: new Date('2026-03-03T12:00:00Z'),
      },
    ])
    const [{ case_id }] = (await cases(recovery)) as [{ case_id: string }]
    await close(recovery, case_id)
    recovery.moveTo('2026-03-05T09:00:00Z')
    await recovery.answer({
      customer: 'ann',
      at: new Date('2026-03-01T09:00:00Z'),
      answers: { recommend: 4 },
    })
    expect(await cases(recovery)).toMatchObject([
      {
        ...{ state: 'open', reopened: 1, contact_due_at: new Date('2026-03-07T09:00:00Z') },
        next_check_at: new Date('2026-03-07T01:00:00Z'),
      },
    ])
    // It is told by the answer that opened it again, though others have been given since.
    const told = await recovery.rows(
      `select r.answers from cases k cross join lateral (select ${latestAnswer('k')} as response_id offset 0) l
       join responses r on r.response_id = l.response_id`,
    )
    expect(told).toEqual([{ answers: { recommend: 4 } }])
    expect((await recovery.history()).filter((each) => each.startsWith('missed'))).toEqual([])
  })
})

describe('the owner', () => {
  it('is the first of the policy who is there, and the history says who was passed over and why', async () => {
    const recovery = await open(
      detractor.replace(' }', ', owner: [accountOwner, roundRobin.agent, unitManager] }'),
    )
    await recovery.rows(
      `insert into absences values ('${recovery.workspaceId}', gen_random_uuid(), 'anna', '2026-03-01', '2026-03-08')`,
    )
    await recovery.answer({ fields: { seller: 'pia' } }, {})
    await recovery.answer({ unit: null })
    const owners = await recovery.rows<{ detail: Record<string, unknown> }>(
      `select detail from case_events where kind = 'opened'`,
    )
    const told = owners.map(({ detail }) => [detail.owner, detail.because, detail.passed])
    expect(told).toEqual(
      expect.arrayContaining([
        ['pia', 'accountOwner', undefined],
        [
          'bo',
          'roundRobin.agent',
          // Anna would have had her turn.
          [
            { who: 'accountOwner', nobody: 'noAccountOwner' },
            { who: 'person.anna', nobody: 'away' },
          ],
        ],
      ]),
    )
  })

  it('is by turns whoever has the fewest', async () => {
    const recovery = await open(detractor.replace(' }', ', owner: [roundRobin.agent] }'))
    await recovery.answer({}, {}, {})
    await recovery.answer({})
    const owners = (await cases(recovery)).map(({ owner }) => owner)
    expect(owners.filter((each) => each === 'anna')).toHaveLength(2)
    expect(owners.filter((each) => each === 'bo')).toHaveLength(2)
  })

  it('is nobody when nobody is there, and the managers of the unit are told', async () => {
    const recovery = await open(detractor.replace(' }', ', owner: [employee] }'))
    await recovery.answer({ employee: 'stranger' })
    await recovery.notify()
    await recovery.notify()
    expect(await cases(recovery)).toMatchObject([{ owner: null }])
    expect(await recovery.mails()).toEqual(['case kari'])
  })

  it('is never the only manager whom it is about: those who lead are told, else those who administer', async () => {
    const recovery = await open(
      detractor,
      undefined,
      `employees:\n  - { key: kari, name: Kari, email: kari@shop.invalid, unit: team1, role: manager }`,
    )
    const member = (id: string, role: string, more: { employee?: string; unit?: string } = {}) =>
      recovery.database.asOwner(async (tx) => {
        await tx.query(
          `insert into auth.users ("id", "name", "email", "emailVerified", "createdAt", "updatedAt")
           values ($1, $1, $1 || '@lead.invalid', true, now(), now()) on conflict do nothing`,
          [id],
        )
        await tx.query(
          `insert into members (workspace_id, user_id, role, unit_key, employee_key, created_at) values ($1, $2, $3, $4, $5, now())`,
          [recovery.workspaceId, id, role, more.unit ?? null, more.employee ?? null],
        )
      })
    await member('ada', 'admin')
    await member('karis', 'admin', { employee: 'kari' })
    await recovery.answer({ employee: 'kari' })
    await recovery.notify()
    expect(await cases(recovery)).toMatchObject([{ owner: null }])
    expect(await recovery.mails()).toEqual(['case ada'])
    expect(
      await recovery.rows(`select detail->'people' as people from case_events where kind = 'opened'`),
    ).toEqual([{ people: [{ id: 'user:ada', name: 'ada' }] }])
    await member('leo', 'cxLead')
    await member('far', 'cxLead', { unit: 'team2' })
    await recovery.answer({ employee: 'kari' }, { employee: 'somebody else' })
    await recovery.notify()
    expect(await recovery.mails()).toEqual(['case ada', 'case kari', 'case leo'])
  })

  it('and those whom it concerns are told, each once', async () => {
    const recovery = await open(
      detractor.replace(
        ' }',
        `, owner: [roundRobin.agent], stakeholders: [{ who: function.productOwner, when: "'waiting' in themes" }, { who: managerAbove }, { who: function.agent }] }`,
      ),
    )
    await recovery.answer({ comment: 'late' })
    await recovery.notify()
    expect(await recovery.mails()).toEqual([
      'case anna',
      'caseInformed bo',
      'caseInformed nora',
      'caseInformed pia',
    ])
    expect(await recovery.rows('select person, part, because from case_people order by person')).toEqual([
      { person: 'bo', part: 'stakeholder', because: 'function.agent' },
      { person: 'nora', part: 'stakeholder', because: 'managerAbove' },
      { person: 'pia', part: 'stakeholder', because: 'function.productOwner' },
    ])
  })

  it('who has left passes open cases on, and the history says why', async () => {
    const rules = detractor.replace(' }', ', owner: [roundRobin.agent, unitManager] }')
    const recovery = await open(rules)
    await recovery.answer({}, {})
    const withoutAnna = staff.replace(/.*key: anna.*\n/, '')
    const push = (employees: string) =>
      recovery.programs.push(recovery.workspaceId, [
        { path: 'shop.yaml', text: recoveryShop(policy(rules), employees) },
      ])
    await push(withoutAnna)
    await recovery.judge()
    expect((await cases(recovery)).map(({ owner }) => owner)).toEqual(['bo', 'bo'])
    const assigned = await recovery.rows<{ detail: object }>(
      `select detail from case_events where kind = 'assigned'`,
    )
    expect(assigned).toEqual([
      {
        detail: {
          ...{ reason: 'ownerGone', from: 'anna', fromName: 'Anna', to: 'bo', toName: 'Bo' },
          because: 'roundRobin.agent',
        },
      },
    ])
    await recovery.judge()
    expect(await recovery.history()).toHaveLength(3)
    expect(await recovery.mails()).toEqual(['case bo'])
  })
})

describe('further answers of a customer', () => {
  it('join the open case of the same reason, in one batch and later, and open another for another reason', async () => {
    const recovery = await open(`    - { id: sharp, when: answers.recommend <= 3, reason: unhappy }
    - { id: mild, when: answers.recommend <= 6, reason: unhappy }
    - { id: passive, when: answers.recommend <= 8 }`)
    await recovery.answer(
      { customer: 'ann', answers: { recommend: 5 } },
      { customer: 'ann', at: new Date('2026-03-02T09:01:00Z') },
    )
    recovery.moveTo('2026-03-03T09:00:00Z')
    await recovery.answer(
      { customer: 'ann', comment: 'late' },
      { customer: 'ann', answers: { recommend: 7 }, at: new Date('2026-03-03T09:01:00Z') },
    )
    expect((await recovery.decisions()).map(({ rule, reason }) => [rule, reason])).toEqual([
      ['mild', 'opened'],
      ['sharp', 'joinedOpen'],
      ['sharp', 'joinedOpen'],
      ['passive', 'opened'],
    ])
    expect(await cases(recovery)).toMatchObject([
      { rule: 'sharp', joined: 2, has_comment: true, themes: ['service', 'waiting'], revision: 3 },
      { rule: 'passive', joined: 0 },
    ])
    expect(await recovery.rows('select 1 from case_responses')).toHaveLength(4)
  })

  it('that are worse make the case go by the stricter of both rules, and say so', async () => {
    const recovery = await open(
      `    - { id: sharp, when: answers.recommend <= 3, reason: unhappy, firstContact: PT4H, remind: [PT1H], owner: [person.nora], stakeholders: [{ who: function.productOwner }, { who: person.anna }], template: sorry, channel: [{ use: meeting }] }
    - { id: mild, when: answers.recommend <= 6, reason: unhappy, firstContact: P5D, owner: [employee] }`,
    )
    await recovery.answer({ customer: 'ann', answers: { recommend: 5 } })
    expect(await cases(recovery)).toMatchObject([{ owner: null, band: 'detractor', rule: 'mild' }])
    recovery.moveTo('2026-03-03T09:00:00Z')
    await recovery.answer({ customer: 'ann', answers: { recommend: 1 }, employee: 'anna' })
    expect(await cases(recovery)).toMatchObject([
      {
        ...{
          rule: 'sharp',
          owner: 'nora',
          band: 'strongDetractor',
          recommended: 'meeting',
          template: 'sorry',
        },
        contact_due_at: new Date('2026-03-03T13:00:00Z'),
        next_check_at: new Date('2026-03-03T12:00:00Z'),
      },
    ])
    const events = await recovery.rows<{ kind: string; detail: Record<string, unknown> }>(
      'select kind, detail from case_events order by revision',
    )
    expect(events.slice(1)).toMatchObject([
      {
        kind: 'joined',
        detail: {
          ...{ rule: 'sharp', fromRule: 'mild', contactDueAt: '2026-03-03T13:00:00.000Z' },
          passed: [{ who: 'person.anna', nobody: 'about' }],
        },
      },
      { kind: 'assigned', detail: { reason: 'stricterRule', to: 'nora', because: 'person.nora' } },
    ])
    expect(await recovery.rows('select person, part from case_people')).toEqual([
      { person: 'pia', part: 'stakeholder' },
    ])
    // A better one after it slackens nothing; the deadlines are judged by the rule it goes by.
    recovery.moveTo('2026-03-03T09:30:00Z')
    await recovery.answer({ customer: 'ann', answers: { recommend: 6 } })
    recovery.moveTo('2026-03-03T13:00:00Z')
    await recovery.drain()
    expect(await cases(recovery)).toMatchObject([
      { rule: 'sharp', band: 'strongDetractor', contact_due_at: new Date('2026-03-03T13:00:00Z') },
    ])
    expect(await recovery.history()).toEqual(expect.arrayContaining(['missed 2026-03-03T13:00']))
  })

  it('that are worse end the waiting of a case that a trial holds back', async () => {
    const recovery = await open(
      `    - { id: sharp, when: answers.recommend <= 3, reason: unhappy, firstContact: PT4H }
    - { id: mild, when: answers.recommend <= 6, reason: unhappy }`,
      '  trial: { id: wait, rules: [mild], share: 0.5, delay: P3D }',
    )
    const ten = Array.from({ length: 10 }, (_, i) => `customer ${i}`)
    const answer = (recommend: number) =>
      recovery.answer(...ten.map((customer) => ({ customer, answers: { recommend } })))
    const held = async () => (await cases(recovery)).filter(({ trial_arm }) => trial_arm === 'later')
    await answer(5)
    const waits = (await held()).length
    expect(waits).toBeGreaterThan(0)
    recovery.moveTo('2026-03-02T10:00:00Z')
    await answer(5)
    const until = new Date('2026-03-05T09:00:00Z')
    expect((await held()).map(({ hold_until }) => hold_until)).toEqual(Array(waits).fill(until))
    await answer(2)
    expect(await held()).toMatchObject(
      Array(waits).fill({
        ...{ rule: 'sharp', trial: 'wait', hold_until: new Date('2026-03-02T10:00:00Z') },
        contact_due_at: new Date('2026-03-02T14:00:00Z'),
      }),
    )
  })

  it('reopen what was closed not long ago, with a new deadline, and open a new case after that', async () => {
    const recovery = await open(detractor, '  reopenWithin: P10D')
    await recovery.answer({ customer: 'ann' })
    await recovery.drain()
    const [first] = await cases(recovery)
    recovery.moveTo('2026-03-03T09:00:00Z')
    await close(recovery, first!.case_id as string)
    recovery.moveTo('2026-03-12T09:00:00Z')
    await recovery.answer({ customer: 'ann' })
    expect(await cases(recovery)).toMatchObject([
      {
        ...{ state: 'open', reopened: 1, joined: 1, outcome: null, closed_at: null },
        contact_due_at: new Date('2026-03-14T09:00:00Z'),
      },
    ])
    await recovery.drain()
    expect(await recovery.mails()).toEqual(['case kari', 'case kari'])
    await close(recovery, first!.case_id as string)
    recovery.moveTo('2026-03-22T09:00:01Z')
    await recovery.answer({ customer: 'ann' })
    expect((await cases(recovery)).map(({ state }) => state)).toEqual(['closed', 'open'])
    expect((await recovery.decisions()).map(({ reason }) => reason)).toEqual(['opened', 'reopened', 'opened'])
  })

  it('without a customer stand alone', async () => {
    const recovery = await open(detractor)
    await recovery.answer({ customer: null }, { customer: null })
    expect(await cases(recovery)).toHaveLength(2)
  })
})

describe('a cap', () => {
  const cappedRule = (cap: string) => detractor.replace(' }', `, template: sorry, cap: { ${cap} } }`)

  it('holds for each unit and day of the workspace, and the rest gets a reply', async () => {
    const recovery = await open(cappedRule('perDay: 1, rest: reply'))
    await recovery.answer(
      {},
      {},
      { unit: 'team2' },
      { unsubscribed: true },
      { email: null },
      { customer: null },
    )
    const reasons = (await recovery.decisions()).map(({ reason }) => reason).sort()
    expect(reasons.filter((reason) => reason === 'opened')).toHaveLength(2)
    expect(reasons.filter((reason) => reason.startsWith('capped'))).toHaveLength(4)
    // Midnight in Stockholm is 23:00Z.
    recovery.moveTo('2026-03-02T22:59:00Z')
    await recovery.answer({})
    recovery.moveTo('2026-03-02T23:00:00Z')
    await recovery.answer({})
    expect((await recovery.decisions()).slice(-2).map(({ reason }) => reason)).toEqual([
      'cappedReplied',
      'opened',
    ])
  })

  it('of the whole program counts all units', async () => {
    const recovery = await open(cappedRule('perDay: 1, per: program'))
    await recovery.answer({}, { unit: 'team2' })
    expect((await recovery.decisions()).map(({ reason }) => reason).sort()).toEqual(['capped', 'opened'])
  })

  it('is not exceeded by two who decide at once', async () => {
    const recovery = await open(cappedRule('perDay: 3'))
    const ids = await recovery.given(...Array.from({ length: 12 }, () => ({})))
    await Promise.all(ids.map((id) => recovery.decide([id])))
    const reasons = (await recovery.decisions()).map(({ reason }) => reason)
    expect(reasons.filter((reason) => reason === 'opened')).toHaveLength(3)
    expect(reasons.filter((reason) => reason === 'capped')).toHaveLength(9)
  })
})

describe('a reply', () => {
  it('goes to the customer in words of the template, as an answer also to those who want no other mail; not without an address', async () => {
    const recovery = await open(
      '    - { id: silent, when: answers.recommend <= 6, handle: reply, template: sorry }',
    )
    const ids = await recovery.answer(
      { customer: 'ann' },
      { customer: 'ben', unsubscribed: true },
      { customer: 'cid', email: null },
      { customer: null },
    )
    await recovery.decide(ids)
    expect((await recovery.decisions()).map(({ handling, reason }) => [handling, reason]).sort()).toEqual([
      ['none', 'noCustomer'],
      ['none', 'noMail'],
      ['reply', 'replied'],
      ['reply', 'replied'],
    ])
    const mails = await recovery.rows<{ about_id: string; recipient: string; content: object }>(
      `select about_id, recipient, content from messages where kind = 'autoReply' order by recipient`,
    )
    expect(mails).toMatchObject([
      {
        about_id: ids[0],
        recipient: 'ann@example.org',
        content: { subject: 'Sorry', body: 'Dear ann, you said it. Shop', answers: true },
      },
      { about_id: ids[1], recipient: 'ben@example.org' },
    ])
    expect(await cases(recovery)).toEqual([])
  })
})

describe('a trial', () => {
  it('lets some cases wait by lot, keeps every lot, and stops when enough took part', async () => {
    const recovery = await open(
      detractor,
      `  trial: { id: wait, rules: [detractor], share: 0.5, delay: P3D, never: "customer.tier == 'gold'", stop: { cases: 20 } }`,
    )
    const plain = Array.from({ length: 30 }, () => ({ fields: { tier: 'plain' } }))
    await recovery.answer({ fields: { tier: 'gold' } }, {}, ...plain)
    const all = await cases(recovery)
    const taking = all.filter(({ trial }) => trial === 'wait')
    expect(taking).toHaveLength(20)
    const later = taking.filter(({ trial_arm }) => trial_arm === 'later')
    expect(later.length).toBeGreaterThan(2)
    expect(later.length).toBeLessThan(18)
    for (const each of later)
      expect([each.hold_until, each.contact_due_at]).toEqual([
        new Date('2026-03-05T09:00:00Z'),
        new Date('2026-03-07T09:00:00Z'),
      ])
    for (const each of all.filter((one) => !later.includes(one)))
      expect([each.hold_until, each.contact_due_at]).toEqual([null, new Date('2026-03-04T09:00:00Z')])
    const held = (await recovery.decisions()).filter(({ reason }) => reason === 'heldByTrial')
    expect(held.map(({ case_id }) => case_id).sort()).toEqual(later.map(({ case_id }) => case_id).sort())
    // Who works on one that waits reads so; on one that does not, nothing that would make them work otherwise.
    const agent = {
      ...{ kind: 'user' as const, id: 'anna', name: 'Anna', workspaceId: recovery.workspaceId },
      ...{
        role: 'employee' as const,
        scopes: ['cases:read' as const],
        unitKey: 'team1',
        employeeKey: 'anna',
      },
    }
    const opened = async (arm: 'now' | 'later') => {
      const [row] = await recovery.rows<{ id: string }>(
        `select case_id as id from cases where trial_arm = '${arm}' limit 1`,
      )
      const checked = await recovery.programs.active(recovery.workspaceId)
      const shown = await recovery.database.inWorkspace(recovery.workspaceId, (tx) =>
        caseDetail(tx, recovery.programs, checked, row!.id, agent, 'en'),
      )
      return shown.events[0]!
    }
    expect((await opened('later')).detail).toMatchObject({
      ...{ trial: 'wait', arm: 'later', holdUntil: '2026-03-05T09:00:00.000Z' },
    })
    expect(JSON.stringify(await opened('now'))).not.toMatch(/wait|trial|arm|now/)
  })

  it('stops drawing when it is found to harm', async () => {
    const recovery = await open(
      detractor,
      '  trial: { id: wait, rules: [detractor], share: 0.5, delay: P3D, stop: { harm: 5 } }',
    )
    const ids = await recovery.given({}, {}, {}, {})
    await openCases({ ...recovery.parts, harmOf: async () => true }, recovery.workspaceId, ids)
    expect((await cases(recovery)).map(({ trial }) => trial)).toEqual([null, null, null, null])
  })
})

it('a case has the id that its rule and response give it', async () => {
  const recovery = await open(detractor)
  const [id] = await recovery.answer({})
  expect((await cases(recovery))[0]?.case_id).toBe(
    stableId(recovery.workspaceId, 'case', 'detractor', id as string),
  )
})
