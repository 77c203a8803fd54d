import { afterAll, beforeAll, expect, it } from 'vitest'
import type { CaseAction } from '../../src/cases/case.ts'
import { readInbox } from '../../src/cases/inbox.ts'
import { changeCase } from '../../src/cases/store.ts'
import { readTruth } from '../../src/insight/truth.ts'
import { closeHouse, openWorkshop } from '../workshop.ts'
import { openRecovery, recoveryShop } from './recovery.ts'

beforeAll(async () => void (await openWorkshop('2026-03-01T00:00:00Z')), 120_000)
afterAll(closeHouse)

const contact: CaseAction = { kind: 'contact', channel: 'phone' }

it('a contact counts for whoever had the case when it was due, and not for who has it since', async () => {
  const recovery = await openRecovery(
    '2026-03-02T09:00:00Z',
    recoveryShop(
      'recovery:\n  rules:\n    - { id: mine, when: answers.recommend <= 3, owner: [person.anna] }\n    - { id: nobodys, when: answers.recommend <= 6, owner: [accountOwner] }',
    ),
  )
  const { database, workspaceId, clock } = recovery
  const open = async (customer: string, recommend: number) => {
    await recovery.answer({ customer, answers: { recommend } })
    const [row] = await recovery.rows<{ id: string }>(
      `select c.case_id as id from cases c join contacts p on p.contact_id = c.contact_id where p.contact_key = '${customer}'`,
    )
    return row!.id
  }
  const act = (caseId: string, by: string, action: CaseAction) =>
    database.inWorkspace(workspaceId, async (tx) => {
      const [row] = await tx.query<{ revision: number }>(
        'select revision from case_deadlines where case_id = $1',
        [caseId],
      )
      const actor = { id: by, name: by, mandate: true }
      await changeCase(tx, recovery, { caseId, action, actor, revision: row!.revision, at: clock.now() })
    })
  const ids = {
    missed: await open('missed', 0),
    unjudged: await open('unjudged', 0),
    inTime: await open('inTime', 0),
    passedOn: await open('passedOn', 0),
    early: await open('early', 0),
    nobodys: await open('nobodys', 5),
    missedByNobody: await open('missedByNobody', 5),
  }
  recovery.moveTo('2026-03-03T09:00:00Z')
  const toBo: CaseAction = { kind: 'forward', to: { id: 'bo', name: 'Bo' }, note: 'Yours.' }
  await act(ids.inTime, 'anna', contact)
  await act(ids.passedOn, 'anna', toBo)
  await act(ids.early, 'anna', toBo)
  await act(ids.nobodys, 'bo', contact)
  recovery.moveTo('2026-03-04T08:00:00Z')
  await act(ids.early, 'bo', contact)
  // Two seconds late, and reached before anybody looked at the clock.
  recovery.moveTo('2026-03-04T09:00:02Z')
  await act(ids.unjudged, 'anna', contact)
  await recovery.judge()
  recovery.moveTo('2026-03-05T09:00:00Z')
  for (const id of [ids.missed, ids.passedOn, ids.missedByNobody]) await act(id, 'kari', { kind: 'take' })
  for (const id of [ids.missed, ids.passedOn, ids.missedByNobody]) await act(id, 'kari', contact)
  for (const id of [ids.inTime, ids.unjudged, ids.nobodys])
    await act(id, 'kari', { kind: 'assign', to: { id: 'kari', name: 'Kari' } })
  const truth = await database.inWorkspace(workspaceId, (tx) => readTruth(tx, 'case', Object.values(ids)))
  const told = Object.fromEntries(truth.map(({ key, owner, due_owner }) => [key, [owner, due_owner]]))
  expect(Object.entries(ids).map(([name, id]) => [name, ...told[id]!])).toEqual([
    ['missed', 'kari', 'anna'],
    ['unjudged', 'kari', 'anna'],
    ['inTime', 'kari', 'anna'],
    ['passedOn', 'kari', 'bo'],
    ['early', 'bo', 'bo'],
    ['nobodys', 'kari', 'bo'],
    ['missedByNobody', 'kari', null],
  ])
  const found = async (dueOwner: string) => {
    const { items } = await database.inWorkspace(workspaceId, (tx) =>
      readInbox(tx, { tab: 'all', dueOwner, limit: 50 }, { me: 'bo', scope: {}, now: clock.now() }),
    )
    const names = Object.entries(ids).filter(([, id]) => items.some(({ caseId }) => caseId === id))
    return names.map(([name]) => name)
  }
  expect(await found('anna')).toEqual(['missed', 'unjudged', 'inTime'])
  expect(await found('me')).toEqual(['passedOn', 'early', 'nobodys'])
  expect(await found('none')).toEqual(['missedByNobody'])
})
