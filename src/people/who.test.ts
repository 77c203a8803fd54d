import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { closeHouse, openWorkshop, shop, type Workshop } from '../../test/workshop.ts'
import { newId, stableId } from '../base/ids.ts'
import type { Tx } from '../storage/postgres.ts'
import { accountOwnerOf, actorOf, gatherPeople, resolvePeople, type WhoAsk } from './who.ts'

const organisation = `units:
  levels: [region, area, team]
  list:
    - { key: north, level: region, name: North }
    - { key: coast, level: area, name: Coast, parent: north }
    - { key: team1, level: team, name: One, parent: coast }
    - { key: team2, level: team, name: Two, parent: coast }
    - { key: south, level: region, name: South }
employees:
  - { key: nora, name: Nora, unit: north, role: manager }
  - { key: kari, name: Kari, unit: team1, role: manager }
  - { key: kalle, name: Kalle, unit: team1, functions: [agent] }
  - { key: anna, name: Anna, unit: team1, functions: [agent] }
  - { key: olle, name: Olle, unit: team2, functions: [agent] }
  - { key: pia, name: Pia, unit: south, functions: [productOwner] }
`
const people = (without: string[] = []) =>
  organisation
    .split('\n')
    .filter((line) => !without.some((key) => line.includes(`key: ${key},`)))
    .join('\n')
const program = (without: string[] = []) =>
  shop.replace(/units:[\s\S]*?touchpoints:/, () => `${people(without)}touchpoints:`)

const at = new Date('2026-03-02T10:00:00Z')
let workshop: Workshop

beforeAll(async () => {
  workshop = await openWorkshop(at.toISOString(), program())
})
afterAll(closeHouse)

const ask = (who: string, more: Partial<WhoAsk> = {}): WhoAsk => ({
  ...{ who, unitKey: 'team1', employeeKey: 'kalle', accountOwner: null, at },
  ...more,
})
async function whoIs(...asks: WhoAsk[]) {
  const { database, workspaceId } = workshop
  const found = await database.inWorkspace(workspaceId, (tx) => resolvePeople(tx, asks))
  return found.map((each) => each.nobody ?? each.people.map(({ key }) => key).join(' '))
}
const away = (key: string, from: string, to: string) =>
  workshop.database.inWorkspace(workshop.workspaceId, (tx) =>
    tx.query('insert into absences values ($1, $2, $3, $4, $5)', [
      workshop.workspaceId,
      newId(workshop.clock),
      key,
      from,
      to,
    ]),
  )

describe('a policy means', () => {
  it('the employee, their manager, the nearest manager of the unit, and the one above', async () => {
    expect(
      await whoIs(
        ask('employee'),
        ask('employeeManager'),
        ask('unitManager', { unitKey: 'team2' }),
        ask('unitManager'),
        ask('managerAbove'),
        ask('managerAbove', { unitKey: 'team2' }),
        ask('unitManager', { unitKey: 'south' }),
      ),
    ).toEqual(['kalle', 'kari', 'nora', 'kari', 'nora', 'noManager', 'noManager'])
  })

  it('the manager above, as the manager of a manager', async () => {
    expect(await whoIs(ask('employeeManager', { employeeKey: 'kari' }))).toEqual(['nora'])
    expect(await whoIs(ask('employeeManager', { employeeKey: 'nora' }))).toEqual(['noManager'])
  })

  it('those of a function, the nearest unit’s first, else wherever they are', async () => {
    expect(
      await whoIs(
        ask('function.agent'),
        ask('function.agent', { unitKey: 'team2' }),
        ask('function.agent', { unitKey: 'coast' }),
        ask('function.productOwner'),
        ask('function.nobody'),
      ),
    ).toEqual(['anna kalle', 'olle', 'anna kalle olle', 'pia', 'noFunction'])
  })

  it('the owner of the account, and a person by key', async () => {
    expect(
      await whoIs(
        ask('accountOwner', { accountOwner: 'pia' }),
        ask('accountOwner'),
        ask('accountOwner', { accountOwner: 'stranger' }),
        ask('person.olle'),
        ask('employee', { employeeKey: null }),
        ask('unitManager', { unitKey: null }),
        ask('unitManager', { unitKey: 'nowhere' }),
      ),
    ).toEqual(['pia', 'noAccountOwner', 'gone', 'olle', 'noEmployee', 'noUnit', 'noUnit'])
  })
})

describe('a round robin', () => {
  it('gives to whoever has the fewest open cases, then to whoever has waited longest, also within one batch', async () => {
    const { database, workspaceId } = workshop
    const add = (owner: string, state: string, assigned: string) =>
      database.inWorkspace(workspaceId, (tx) =>
        tx.query(
          `insert into cases (workspace_id, case_id, rule, response_id, state, owner, opened_at, contact_due_at,
             assigned_at, version) values ($1, $2, 'x', $2, $3, $4, $5, $5, $5, 'v')`,
          [workspaceId, stableId(owner, state, assigned), state, owner, assigned],
        ),
      )
    await add('anna', 'open', '2026-03-01T08:00:00Z')
    await add('kalle', 'closed', '2026-03-01T12:00:00Z')
    // kalle has none; then both have one, and anna got hers earlier.
    expect(await whoIs(ask('roundRobin.agent'), ask('roundRobin.agent'), ask('roundRobin.agent'))).toEqual([
      'kalle',
      'anna',
      'kalle',
    ])
    // Asking alone gives nothing: the next ask begins where the cases are.
    expect(await whoIs(ask('roundRobin.agent'))).toEqual(['kalle'])
  })

  it('passes over who is away, and goes farther off when everybody near is', async () => {
    await away('kalle', '2026-03-02T09:00:00Z', '2026-03-02T12:00:00Z')
    expect(await whoIs(ask('roundRobin.agent'))).toEqual(['anna'])
    await away('anna', '2026-03-02T09:00:00Z', '2026-03-02T11:00:00Z')
    expect(await whoIs(ask('roundRobin.agent'))).toEqual(['olle'])
    const eleven = new Date('2026-03-02T11:00:00Z')
    expect(await whoIs(ask('roundRobin.agent', { at: eleven }))).toEqual(['anna'])
  })
})

it('who is away still counts when one only asks who it is', async () => {
  await away('kari', '2026-03-02T00:00:00Z', '2026-03-03T00:00:00Z')
  await away('nora', '2026-03-02T10:30:00Z', '2026-03-03T00:00:00Z')
  const later = new Date('2026-03-02T10:30:00Z')
  expect(
    await whoIs(
      ask('unitManager'),
      ask('unitManager', { present: true }),
      ask('unitManager', { present: true, at: later }),
      ask('person.kari', { present: true }),
    ),
  ).toEqual(['kari', 'nora', 'away', 'away'])
})

it('nobody who has left the program is meant, their manager still is, and whoever comes back is there again', async () => {
  const { programs, workspaceId, rows } = workshop
  await programs.push(workspaceId, [{ path: 'shop.yaml', text: program(['kalle', 'pia']) }])
  expect(
    await whoIs(
      ask('employee'),
      ask('employeeManager'),
      ask('function.productOwner'),
      ask('function.agent'),
      ask('person.pia'),
    ),
  ).toEqual(['gone', 'kari', 'noFunction', 'anna', 'gone'])
  expect(await rows(`select name, active from employees where employee_key = 'pia'`)).toEqual([
    { name: 'Pia', active: false },
  ])
  await programs.push(workspaceId, [{ path: 'shop.yaml', text: program() }])
  expect(await whoIs(ask('function.productOwner'))).toEqual(['pia'])
})

describe('of what is unhappy', () => {
  const unhappy = (who: string, more: Partial<WhoAsk> = {}) => ask(who, { unhappy: true, ...more })

  it('nobody is meant whom it is about: the next is, and of a manager the one above', async () => {
    const aboutKari = { employeeKey: 'kari' }
    expect(
      await whoIs(
        unhappy('employee'),
        unhappy('person.kalle'),
        unhappy('function.agent'),
        unhappy('unitManager', aboutKari),
        unhappy('managerAbove', aboutKari),
        unhappy('managerAbove', { employeeKey: 'nora' }),
        ask('unitManager', { ...aboutKari, criticism: true }),
        ask('unitManager', aboutKari),
      ),
    ).toEqual(['about', 'about', 'anna', 'nora', 'nora', 'about', 'nora', 'kari'])
  })

  it('that the nearest is the one it is about is the reason, not that others farther off do not see the unit', async () => {
    const monday = { employeeKey: 'olle', unitKey: 'team2', at: new Date('2026-03-09T10:00:00Z') }
    expect(await whoIs(unhappy('roundRobin.agent', monday))).toEqual(['about'])
  })

  it('nobody is meant who does not see the unit when they sign in', async () => {
    const { database, workspaceId } = workshop
    const member = (key: string, unit: string | null) =>
      database.inWorkspace(workspaceId, (tx) =>
        tx.query(
          `insert into members (workspace_id, user_id, role, unit_key, employee_key, created_at)
           values ($1, $2, 'employee', $3, $2, now())`,
          [workspaceId, key, unit],
        ),
      )
    await member('pia', 'south')
    expect(
      await whoIs(
        unhappy('function.productOwner'),
        unhappy('person.pia'),
        unhappy('person.pia', { unitKey: null }),
        unhappy('function.productOwner', { unitKey: 'south' }),
        ask('function.productOwner'),
      ),
    ).toEqual(['unseen', 'unseen', 'unseen', 'pia', 'pia'])
    await database.inWorkspace(workspaceId, (tx) => tx.query('delete from members'))
    // Work is handed round among those who answer for the unit, also when they have no account yet.
    const friday = { at: new Date('2026-03-06T10:00:00Z'), employeeKey: null }
    expect(await whoIs(unhappy('roundRobin.agent', { ...friday, unitKey: 'south' }))).toEqual(['unseen'])
    await member('olle', 'north')
    expect(await whoIs(unhappy('roundRobin.agent', { ...friday, unitKey: 'coast' }))).toEqual(['olle'])
    await database.inWorkspace(workspaceId, (tx) => tx.query('delete from members'))
  })
})

it('many asks cost a few statements', async () => {
  const asks = ['team1', 'team2', 'coast', 'south'].flatMap((unitKey) =>
    ['employeeManager', 'function.agent', 'managerAbove', 'roundRobin.agent'].map((who) =>
      ask(who, { unitKey }),
    ),
  )
  let statements = 0
  await workshop.database.inWorkspace(workshop.workspaceId, (tx) => {
    const query: Tx['query'] = (text, values) => {
      statements++
      return tx.query(text, values)
    }
    return gatherPeople({ ...tx, query }, asks)
  })
  expect(statements).toBeLessThanOrEqual(5)
})

it('an actor is the employee, else the user, else the key', () => {
  const principal = { id: '7', name: 'Kari', workspaceId: 'w', scopes: [] }
  expect(actorOf({ ...principal, kind: 'user', employeeKey: 'kari' })).toEqual({ id: 'kari', name: 'Kari' })
  expect(actorOf({ ...principal, kind: 'user' }).id).toBe('user:7')
  expect(actorOf({ ...principal, kind: 'key' }).id).toBe('key:7')
})

it('the account’s owner comes before the contact’s', async () => {
  const { program: plain } = await workshop.programs.active(workshop.workspaceId)
  const owned = { ...plain, accounts: { owner: 'seller' }, contacts: { owner: 'seller' } }
  const contact = { key: 'c', fields: { seller: 'anna' } }
  const account = { key: 'a', fields: { seller: 'pia' } }
  expect(accountOwnerOf(owned, { at: '', contact, account })).toBe('pia')
  expect(accountOwnerOf(owned, { at: '', contact, account: { key: 'a', fields: {} } })).toBe('anna')
  expect(accountOwnerOf(plain, { at: '', contact, account })).toBeNull()
})
