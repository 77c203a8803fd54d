import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { judgeDeadlines } from '../../src/cases/deadlines.ts'
import { recipientsOf } from '../../src/cases/notify.ts'
import { openCases } from '../../src/cases/open.ts'
import { passOnUnseen } from '../../src/cases/passOn.ts'
import { placeMember } from '../../src/people/members.ts'
import { delivered, shopProgram } from '../program.ts'
import { ask, startTestServer, type TestServer } from '../server.ts'

/** Agents in three units, and answers about those who handed over the order. */
const program = shopProgram
  .replace(
    /employees:[\s\S]*?transactions:/,
    `employees:
  - { key: karin, name: Karin, email: karin@example.se, unit: malmo, role: manager }
  - { key: sven, name: Sven, email: sven@example.se, unit: se, role: manager, functions: [management] }
  - { key: anna, name: Anna, email: anna@example.se, unit: malmo, functions: [agent] }
  - { key: odd, name: Odd, email: odd@example.no, unit: bergen, functions: [agent] }
  - { key: per, name: Per, email: per@example.no, unit: bergen, functions: [management, product] }
transactions:`,
  )
  .replace('unit: data.shop', 'unit: data.shop\n      employee: data.seller')
  .replace(
    /recovery:[\s\S]*/,
    `recovery:
  openWithin: P100Y
  rules:
    - id: told
      when: answers.satisfaction <= 2.0 && answers.why == 'Tell the head.'
      owner: [roundRobin.agent]
      stakeholders: [{ who: function.product }]
      firstContact: PT1H
      escalate: [{ after: PT1H, to: function.management }, { after: PT2H, to: function.product }]
    - { id: unhappy, reason: unhappy, when: answers.satisfaction <= 2.0, owner: [roundRobin.agent, unitManager] }
notify:
  praise: { when: answers.satisfaction >= 5.0 }
  criticism: { when: answers.satisfaction <= 2.0 }
`,
  )

let server: TestServer
let workspaceId: string
let key: string
let anna: Record<string, string>
let karin: Record<string, string>
let sven: Record<string, string>
let member: (email: string, place: Parameters<typeof placeMember>[4]) => Promise<Record<string, string>>

beforeAll(async () => {
  server = await startTestServer()
  await server.signIn()
  const made = await server.workspace('Seen')
  workspaceId = made.workspaceId
  key = made.key
  await server.parts.programs.push(workspaceId, [{ path: 'seen.yaml', text: program }])
  member = async (email, place) => {
    const { database, clock } = server.parts
    await placeMember(database, clock, workspaceId, { email, name: email.split('@')[0] as string }, place)
    return { ...(await server.signIn(email)), 'samklang-workspace': made.slug }
  }
  anna = await member('anna@example.se', { role: 'employee', unitKey: 'malmo', employeeKey: 'anna' })
  karin = await member('karin@example.se', { role: 'unitManager', unitKey: 'malmo', employeeKey: 'karin' })
  sven = await member('sven@example.se', { role: 'unitManager', unitKey: 'se', employeeKey: 'sven' })
  await member('odd@example.no', { role: 'employee', unitKey: 'bergen', employeeKey: 'odd' })
}, 120_000)
afterAll(() => server.close())

const get = async (who: string | Record<string, string>, url: string) =>
  (await ask(server, who, 'GET', url)).json()

/** An answer about an order that somebody handed over; unhappy ones become cases. */
async function answers(
  order: string,
  more: { seller?: string; satisfaction?: number; why?: string; customer?: string } = {},
) {
  const { seller, satisfaction = 1, why = `About ${order}.`, customer = `customer-${order}` } = more
  await ask(server, key, 'POST', '/v1/events', [
    delivered(order, 'malmo', { customer, ...(seller ? { seller } : {}) }),
  ])
  const result = await ask(server, key, 'POST', '/v1/responses', [
    {
      ...{ source: 'test', externalId: order, survey: 'delivery', contactKey: customer },
      ...{ transaction: { type: 'order', key: order }, answers: { satisfaction, why } },
      answeredAt: new Date(server.parts.clock.now().getTime() - 60_000).toISOString(),
    },
  ])
  const { responseId } = result.json().receipts[0] as { responseId: string }
  await openCases(server.parts, workspaceId, [responseId])
  const [found] = await server.parts.database.script(
    `select c.case_id as id, c.owner from samklang.case_responses r join samklang.cases c on c.case_id = r.case_id
     where r.response_id = $1`,
    [responseId],
  )
  return { responseId, caseId: found?.id as string, owner: found?.owner }
}

describe('a case is given', () => {
  it('to nobody who does not see its unit: when the unit’s own are away, its manager has it', async () => {
    expect((await answers('1')).owner).toBe('anna')
    const day = 86_400_000
    const now = Date.now()
    const away = {
      ...{
        employeeKey: 'anna',
        from: new Date(now - day).toISOString(),
        to: new Date(now + day).toISOString(),
      },
    }
    const noted = await ask(server, key, 'POST', '/v1/absences', away)
    const { caseId, owner } = await answers('2')
    expect(owner).toBe('karin')
    const { events } = await get(karin, `/v1/cases/${caseId}`)
    expect(events[0].detail.passed).toEqual([{ who: 'roundRobin.agent', nobody: 'away' }])
    await ask(server, key, 'DELETE', `/v1/absences/${noted.json().absenceId}`)
  })

  it('to nobody whom it is about: the next has it, and of a manager’s own work the one above', async () => {
    expect((await answers('3', { seller: 'anna' })).owner).toBe('karin')
    await server.parts.database.script(
      `update samklang.employees set functions = '{}' where workspace_id = $1 and employee_key = 'anna'`,
      [workspaceId],
    )
    expect((await answers('4', { seller: 'karin' })).owner).toBe('sven')
    await server.parts.database.script(
      `update samklang.employees set functions = '{agent}' where workspace_id = $1 and employee_key = 'anna'`,
      [workspaceId],
    )
  })
})

it('a policy brings a case to nobody to whom it cannot be given by hand, and says why and who has it instead', async () => {
  const { caseId } = await answers('5', { seller: 'sven', why: 'Tell the head.' })
  await server.parts.database.script(
    `update samklang.case_deadlines set next_check_at = next_check_at - interval '1 day' where case_id = $1`,
    [caseId],
  )
  await server.parts.database.script(
    `update samklang.cases set contact_due_at = contact_due_at - interval '1 day' where case_id = $1`,
    [caseId],
  )
  await judgeDeadlines(server.parts, workspaceId)
  const revision = 1
  for (const to of ['per', 'sven'])
    expect(
      (
        await ask(server, karin, 'POST', `/v1/cases/${caseId}/escalate`, { revision, to, note: 'Up.' })
      ).json(),
    ).toMatchObject({ error: { code: 'person.cannot' } })
  const found = await get(karin, `/v1/cases/${caseId}`)
  expect(found.people.map(({ person }: { person: string }) => person)).toEqual(['karin'])
  const of = (wanted: string) => found.events.filter(({ kind }: { kind: string }) => kind === wanted)
  const [opened] = of('opened')
  const escalated = of('escalated')
  const per = { who: 'person.per', nobody: 'unseen' }
  expect(opened.detail.passed).toEqual([per])
  expect(escalated.map(({ detail }: { detail: object }) => detail)).toMatchObject([
    {
      who: 'function.management',
      because: 'unitManager',
      people: [{ id: 'karin' }],
      passed: [{ who: 'function.management', nobody: 'about' }, { who: 'person.sven', nobody: 'about' }, per],
    },
    {
      who: 'function.product',
      because: 'unitManager',
      people: [{ id: 'karin' }],
      passed: [{ who: 'function.product', nobody: 'unseen' }, per],
    },
  ])
  const mails = await server.parts.database.script(
    'select distinct recipient from samklang.messages where about_id = $1 order by 1',
    [caseId],
  )
  expect(mails.map(({ recipient }) => recipient)).not.toContain('per@example.no')
})

it('who was kept informed and sees the case no longer hears of it no more', async () => {
  const { caseId } = await answers('6')
  const watched = `insert into samklang.case_people (workspace_id, case_id, person, part, since)
     values ($1, $2, $3, 'stakeholder', now())`
  for (const person of ['per', 'karin'])
    await server.parts.database.script(watched, [workspaceId, caseId, person])
  const { database } = server.parts
  const told = await database.inWorkspace(workspaceId, (tx) => recipientsOf(tx, [caseId], 'everybody'))
  expect(told.map(({ person }) => person)).toEqual(['anna', 'karin'])
})

describe('an employee', () => {
  it('reads praise of their own work and criticism of others, and nothing unhappy about themselves', async () => {
    const bad = await answers('10', { seller: 'anna', why: 'Anna was rude.' })
    const good = await answers('11', { seller: 'anna', satisfaction: 5, why: 'Anna was kind.' })
    const other = await answers('12', { seller: 'karin', why: 'Karin was late.' })
    const comments = async (who: Record<string, string>) =>
      (await get(who, '/v1/responses?limit=200')).items.map((each: { comment: string }) => each.comment)
    expect(await comments(anna)).toEqual(expect.arrayContaining(['Anna was kind.', 'Karin was late.']))
    expect(await comments(anna)).not.toContain('Anna was rude.')
    expect(await comments(karin)).toContain('Anna was rude.')
    const status = async (url: string) => (await ask(server, anna, 'GET', url)).statusCode
    expect(await status(`/v1/responses/${bad.responseId}`)).toBe(404)
    expect(await status(`/v1/responses/${good.responseId}`)).toBe(200)
    expect(await status(`/v1/cases/${bad.caseId}`)).toBe(404)
    expect(await status(`/v1/cases/${other.caseId}`)).toBe(200)
    const inbox = await get(anna, '/v1/cases?tab=all&limit=200')
    const employees = inbox.items.map(({ employee }: { employee: { key: string } | null }) => employee?.key)
    expect(employees).toContain('karin')
    expect(employees).not.toContain('anna')
    expect(inbox.counts.open).toBe(inbox.items.length)
    // Nor can it be given to them by hand.
    const given = await ask(server, karin, 'POST', `/v1/cases/${bad.caseId}/assign`, {
      revision: 1,
      to: 'anna',
    })
    expect(given.json().error.code).toBe('person.cannot')
    // The score does not show on the customer's page instead.
    const [customer] = (await get(anna, '/v1/customers?search=customer-10')).items
    expect((await get(anna, `/v1/customers/${customer.id}`)).health).toMatchObject({
      scores: [],
      openCases: 0,
    })
    expect((await get(karin, `/v1/customers/${customer.id}`)).health).toMatchObject({ openCases: 1 })
  })
})

describe('a manager', () => {
  it('reads no criticism of themselves, and does nothing with a case about it', async () => {
    const bad = await answers('15', { seller: 'karin', why: 'Karin was rude.', customer: 'lo' })
    const mild = await answers('16', { seller: 'karin', satisfaction: 5, why: 'Karin was kind.' })
    const status = async (who: Record<string, string>, url: string) =>
      (await ask(server, who, 'GET', url)).statusCode
    for (const [who, expected] of [
      [karin, 404],
      [sven, 200],
    ] as const) {
      expect(await status(who, `/v1/cases/${bad.caseId}`)).toBe(expected)
      expect(await status(who, `/v1/responses/${bad.responseId}`)).toBe(expected)
      const seen = expected === 200
      const inbox = await get(who, '/v1/cases?tab=all&limit=200')
      const ids = inbox.items.map(({ caseId }: { caseId: string }) => caseId)
      expect(ids.includes(bad.caseId)).toBe(seen)
      expect(inbox.counts.open).toBe(inbox.items.length)
      const found = await get(who, '/v1/responses?text=rude&limit=200')
      expect(found.items.some(({ comment }: { comment: string }) => comment === 'Karin was rude.')).toBe(seen)
      expect(found.total).toBe(found.items.length)
      expect((await get(who, '/v1/cases?tab=all&text=rude%20lo')).total).toBe(seen ? 1 : 0)
      const [customer] = (await get(who, '/v1/customers?search=lo')).items
      const { timeline, health, actions } = await get(who, `/v1/customers/${customer.id}`)
      expect(JSON.stringify(timeline).includes('rude')).toBe(seen)
      expect(health.openCases).toBe(seen ? 1 : 0)
      expect(actions).toHaveLength(seen ? 1 : 0)
      expect(await status(who, `/v1/responses/${mild.responseId}`)).toBe(200)
    }
    for (const [what, to] of [
      ['take', {}],
      ['assign', { to: 'me' }],
      ['assign', { to: 'karin' }],
    ] as const) {
      const done = await ask(server, karin, 'POST', `/v1/cases/${bad.caseId}/${what}`, { revision: 1, ...to })
      expect(done.json().error.code).toBe('thing.unknown')
      const items = [{ caseId: bad.caseId, revision: 1 }]
      const bulk = await ask(server, karin, 'POST', '/v1/cases/bulk', { items, do: what, ...to })
      expect(bulk.json().receipts).toMatchObject([{ caseId: bad.caseId, status: 'refused' }])
    }
    // Whoever sees it cannot hand it back to them either.
    const given = await ask(server, sven, 'POST', `/v1/cases/${bad.caseId}/assign`, {
      revision: 1,
      to: 'karin',
    })
    expect(given.json().error).toMatchObject({
      code: 'person.cannot',
      message:
        'It cannot be given to them. The case is about the work of Karin; somebody else has to take it.',
    })
  })

  it('reads the improvements that such a case is tied to without it', async () => {
    const { responseId, caseId } = await answers('17', { seller: 'karin', why: 'Karin shouted.' })
    const made = await ask(server, sven, 'POST', '/v1/improvements', { title: 'Calm', unit: 'malmo' })
    const { improvementId } = made.json()
    const tied = await ask(server, sven, 'POST', `/v1/improvements/${improvementId}/link`, {
      caseIds: [caseId],
      responseIds: [responseId],
    })
    expect(tied.statusCode).toBe(200)
    const linked = async (who: Record<string, string>) => {
      const found = (await get(who, `/v1/improvements/${improvementId}`)).linked
      return [found.cases.length, found.responses.length]
    }
    expect(await linked(sven)).toEqual([1, 1])
    expect(await linked(karin)).toEqual([0, 0])
  })
})

describe('the people a case can be passed on to', () => {
  const idsFor = async (who: Record<string, string> | string, caseId: string) =>
    (await get(who, `/v1/people?case=${caseId}`)).items.map(({ id }: { id: string }) => id).sort()

  it('are those who see it, and whom it is not about', async () => {
    const { caseId } = await answers('30')
    const about = await answers('31', { seller: 'anna' })
    expect(await idsFor(sven, caseId)).toEqual(['anna', 'karin', 'sven'])
    expect(await idsFor(sven, about.caseId)).toEqual(['karin', 'sven'])
    expect((await ask(server, anna, 'GET', `/v1/people?case=${about.caseId}`)).statusCode).toBe(404)
    const { revision } = await get(sven, `/v1/cases/${caseId}`)
    for (const id of await idsFor(sven, caseId)) {
      const seen = (await get(sven, `/v1/cases/${caseId}`)).revision
      const done = await ask(server, sven, 'POST', `/v1/cases/${caseId}/assign`, { revision: seen, to: id })
      expect([id, done.statusCode]).toEqual([id, 200])
    }
    // Per has no account, and is taken to answer for the unit he works in.
    expect(await idsFor(key, caseId)).not.toContain('per')
    for (const [to, name] of [
      ['odd', 'Odd'],
      ['per', 'Per'],
    ]) {
      const given = await ask(server, key, 'POST', `/v1/cases/${caseId}/assign`, {
        revision: revision + 3,
        to,
      })
      expect(given.json().error).toMatchObject({ code: 'person.cannot' })
      expect(given.json().error.message).toContain(`${name} sees no cases of Malmö`)
    }
  })
})

describe('who is taken out of the workspace', () => {
  it('and was no employee leaves their open cases to others; the history says so', async () => {
    const { caseId } = await answers('40')
    const vera = await member('vera@example.se', { role: 'cxLead' })
    const { revision } = await get(vera, `/v1/cases/${caseId}`)
    const taken = await ask(server, vera, 'POST', `/v1/cases/${caseId}/take`, { revision })
    const userId = (taken.json().owner.id as string).replace('user:', '')
    expect(userId).not.toBe('vera')
    const gone = await ask(server, key, 'DELETE', `/v1/members/${userId}`)
    expect(gone.statusCode).toBe(200)
    expect((await ask(server, vera, 'GET', `/v1/cases/${caseId}`)).statusCode).toBe(404)
    await server.lane.drain(async (kind, workspace) => {
      if (kind === 'cases.due') await judgeDeadlines(server.parts, workspace)
    })
    const { owner, state, events } = await get(sven, `/v1/cases/${caseId}`)
    expect([state, owner.id]).toEqual(['open', 'anna'])
    expect(events.at(-1)).toMatchObject({
      kind: 'assigned',
      detail: { reason: 'ownerGone', fromName: 'vera', to: 'anna', because: 'roundRobin.agent' },
    })
    expect((await ask(server, key, 'DELETE', `/v1/members/${userId}`)).statusCode).toBe(404)
  })
})

describe('who is placed elsewhere', () => {
  it('leaves the cases they see no more to others, also when they may only look on; the rest stays', async () => {
    const { caseId } = await answers('41')
    const tore = await member('tore@example.se', { role: 'employee', unitKey: 'malmo' })
    const { revision } = await get(tore, `/v1/cases/${caseId}`)
    const taken = await ask(server, tore, 'POST', `/v1/cases/${caseId}/take`, { revision })
    const id = taken.json().owner.id as string
    const place = async (body: object) => {
      const url = `/v1/members/${id.replace('user:', '')}`
      expect((await ask(server, key, 'PUT', url, body)).statusCode).toBe(200)
      await server.lane.drain(async (kind, workspace, news) => {
        if (kind === 'member.placed')
          for (const { people } of news) await passOnUnseen(server.parts, workspace, people as string[])
      })
      return (await get(sven, `/v1/cases/${caseId}`)) as {
        owner: { id: string }
        events: Array<{ detail: object }>
      }
    }
    expect((await place({ role: 'unitManager', unitKey: 'malmo' })).owner.id).toBe(id)
    const moved = await place({ role: 'employee', unitKey: 'bergen' })
    expect(moved.owner.id).toBe('anna')
    expect(moved.events.at(-1)?.detail).toMatchObject({ reason: 'ownerMoved', fromName: 'tore', to: 'anna' })
    await place({ role: 'unitManager', unitKey: 'malmo' })
    const open = await get(sven, `/v1/cases/${caseId}`)
    await ask(server, sven, 'POST', `/v1/cases/${caseId}/assign`, { revision: open.revision, to: id })
    expect((await place({ role: 'viewer' })).owner.id).toBe('anna')
    await ask(server, key, 'DELETE', `/v1/members/${id.replace('user:', '')}`)
  })
})

it('a program that moves units or people leaves what their owners see no more to others, who are told', async () => {
  const own = async (order: string, to: string) => {
    const { caseId, responseId } = await answers(order)
    const { revision } = await get(key, `/v1/cases/${caseId}`)
    const given = await ask(server, key, 'POST', `/v1/cases/${caseId}/assign`, { revision, to })
    expect(given.statusCode).toBe(200)
    return { caseId, responseId }
  }
  const push = async (text: string) => {
    const files = [{ path: 'seen.yaml', text }]
    const pushed = await ask(server, key, 'PUT', '/v1/program', { files })
    expect(pushed.json()).toMatchObject({ changed: true })
    await server.lane.drain(async (kind, workspace) => {
      if (kind === 'cases.due') await judgeDeadlines(server.parts, workspace)
    })
  }
  const closed = await own('50', 'sven')
  const open = await own('51', 'sven')
  const fine = await own('52', 'karin')
  const { revision } = await get(sven, `/v1/cases/${closed.caseId}`)
  await ask(server, sven, 'POST', `/v1/cases/${closed.caseId}/close`, { revision, outcome: 'solved' })
  // Malmö goes to Norway, which Sven does not see.
  await push(program.replace('name: Malmö, parent: se', "name: Malmö, parent: 'no'"))
  const found = await get(karin, `/v1/cases/${open.caseId}`)
  expect(found.owner.id).toBe('anna')
  expect(found.events.at(-1)).toMatchObject({
    kind: 'assigned',
    detail: { reason: 'ownerMoved', from: 'sven', to: 'anna', because: 'roundRobin.agent' },
  })
  expect((await get(karin, `/v1/cases/${fine.caseId}`)).owner.id).toBe('karin')
  const { database } = server.parts
  const mailed = await database.script(
    `select recipient from samklang.messages where about_id = $1 and kind = 'case' order by queued_at desc limit 1`,
    [open.caseId],
  )
  expect(mailed).toEqual([{ recipient: 'anna@example.se' }])
  const hears = async (caseId: string) =>
    (await database.inWorkspace(workspaceId, (tx) => recipientsOf(tx, [caseId], 'owner', 'all'))).map(
      ({ person }) => person,
    )
  expect(await hears(open.caseId)).toEqual(['anna'])
  // What comes to a closed one is the managers' to hear.
  expect(await hears(closed.caseId)).toEqual(['karin'])
  // Per has no account: he sees what he works in.
  await push(program.replace('email: per@example.no, unit: bergen', 'email: per@example.no, unit: malmo'))
  const seen = (await get(karin, `/v1/cases/${fine.caseId}`)).revision
  await ask(server, karin, 'POST', `/v1/cases/${fine.caseId}/assign`, { revision: seen, to: 'per' })
  await push(program)
  const { owner, events } = await get(karin, `/v1/cases/${fine.caseId}`)
  expect([owner.id, events.at(-1).detail.reason, events.at(-1).detail.from]).toEqual([
    'anna',
    'ownerMoved',
    'per',
  ])
})

describe('further answers', () => {
  it('show in the list as the case shows them, the latest first', async () => {
    await answers('20', { customer: 'kim', satisfaction: 2, why: 'Slow.' })
    const { caseId } = await answers('21', { customer: 'kim', satisfaction: 1, why: 'Worse now.' })
    const { items } = await get(karin, '/v1/cases?text=kim')
    expect(items).toMatchObject([
      { caseId, comment: 'Worse now.', score: { value: 1 }, joined: 1, news: true },
    ])
    expect((await get(karin, '/v1/cases')).items[0].caseId).toBe(caseId)
    expect((await get(anna, `/v1/cases/${caseId}`)).responses[0].response.comment).toBe('Worse now.')
  })

  it('about a visit of somebody else are kept aside', async () => {
    const stranger = {
      ...{ source: 'test', externalId: 'stranger', survey: 'delivery', contactKey: 'nobody' },
      ...{ transaction: { type: 'order', key: '20' }, answers: { satisfaction: 1 } },
      answeredAt: new Date(server.parts.clock.now().getTime() - 60_000).toISOString(),
    }
    const result = await ask(server, key, 'POST', '/v1/responses', [stranger])
    expect(result.json().receipts).toMatchObject([
      {
        status: 'refused',
        faults: [{ where: 'contactKey', message: 'the transaction belongs to another customer' }],
      },
    ])
  })
})
