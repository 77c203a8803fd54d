import { afterAll, beforeAll, expect, it } from 'vitest'
import { closeHouse, openWorkshop, shop, type Workshop } from '../../test/workshop.ts'
import { stableId } from '../base/ids.ts'
import { codeComments, recodeThemes, themesOf } from './code.ts'
import { withParents } from './coder.ts'
import { planRecoding, recodeSome } from './recode.ts'

const themes = `
themes:
  - { id: service, name: { en: Service, sv: Service, nb: Service } }
  - { id: waiting, name: Waiting, parent: service, words: { en: [late*], sv: [sen] } }
  - { id: often, name: Often, when: has(answers.visits) && answers.visits > 2 && comment != '' && response.wayIn == 'api' }
`
let workshop: Workshop
const idOf = (name: string) => stableId(workshop.workspaceId, name)
const idsOf = (...names: string[]) => names.map(idOf)

beforeAll(async () => {
  workshop = await openWorkshop('2026-03-01T12:00:00Z', shop + themes)
  const { version } = await workshop.programs.active(workshop.workspaceId)
  const given: Array<[name: string, comment: string | null, answers: object, state?: string]> = [
    ['late', 'You came LATE', { recommend: 2 }],
    ['both', 'Later, for the third time', { visits: 3 }],
    ['silent', null, { visits: 9 }],
    ['partial', 'late', {}, 'partial'],
  ]
  await workshop.database.inWorkspace(workshop.workspaceId, async (tx) => {
    for (const [name, comment, answers, state = 'completed'] of given)
      await tx.query(
        `insert into responses (workspace_id, response_id, survey, touchpoint, way_in, state, language, started_at,
           answered_at, answers, comment, context, version)
         values ($1, $2, 'repair', 'repair', 'api', $3, 'en', $4, $4, $5, $6, '{}', $7)`,
        [workshop.workspaceId, idOf(name), state, workshop.clock.now(), answers, comment, version],
      )
  })
})
afterAll(closeHouse)

const coded = async () => {
  const rows = await workshop.rows<{ response_id: string; theme: string; by: string; found: string[] }>(
    'select response_id, theme, by, found from response_themes order by theme, found',
  )
  const names = new Map(['late', 'both', 'silent', 'partial'].map((name) => [idOf(name), name]))
  return rows.map((row) => [names.get(row.response_id), row.theme, row.by, ...row.found].join(' '))
}
const outbox = async () => (await workshop.rows(`select 1 from outbox where kind = 'response'`)).length

it('an answer is about what its words and its answers say, once, however often the news comes', async () => {
  const ids = idsOf('late', 'both', 'silent', 'partial')
  await codeComments(workshop, workshop.workspaceId, ids)
  const expected = ['both often answers', 'late waiting words LATE', 'both waiting words Later']
  expect((await coded()).sort()).toEqual([...expected].sort())
  expect(await outbox()).toBe(2)
  await codeComments(workshop, workshop.workspaceId, ids)
  expect((await coded()).sort()).toEqual([...expected].sort())
  expect(await outbox()).toBe(2)
})

it('what it is part of is added when it is read', async () => {
  const { program } = await workshop.programs.active(workshop.workspaceId)
  const found = await workshop.database.inWorkspace(workshop.workspaceId, (tx) =>
    themesOf(tx, idsOf('late', 'both', 'silent')),
  )
  expect(found).toEqual(
    new Map([
      [idOf('late'), ['waiting']],
      [idOf('both'), ['often', 'waiting']],
    ]),
  )
  expect(withParents(program, found.get(idOf('both')) ?? [])).toEqual(['often', 'waiting', 'service'])
})

it('a changed program codes what was answered before anew, and leaves what a person said', async () => {
  const { workspaceId, database, programs } = workshop
  await database.inWorkspace(workspaceId, (tx) =>
    tx.query(`insert into response_themes values ($1, $2, 'service', 'person', '{}', 'v')`, [
      workspaceId,
      idOf('silent'),
    ]),
  )
  const text = (shop + themes).replace('[late*]', '[third]')
  await programs.push(workspaceId, [{ path: 'shop.yaml', text }])
  expect(await recodeThemes(workshop, workspaceId)).toEqual({ coded: 3, changed: 2 })
  expect((await coded()).sort()).toEqual(
    ['both often answers', 'both waiting words third', 'silent service person'].sort(),
  )
  expect(await recodeThemes(workshop, workspaceId)).toEqual({ coded: 3, changed: 0 })
})

it('when the program changes its themes old answers are coded anew by themselves, once', async () => {
  const round = async () => {
    await planRecoding(workshop, workshop.workspaceId)
    const kinds: string[] = []
    await workshop.lane.drain(async (kind) => {
      kinds.push(kind)
      if (kind === 'themes.due') await recodeSome(workshop, workshop.workspaceId)
    })
    return kinds.filter((kind) => kind === 'themes.due').length
  }
  const changedTo = (list: string) =>
    workshop.programs.push(workshop.workspaceId, [{ path: 'program.yaml', text: shop + list }])
  await changedTo(themes)
  await recodeThemes(workshop, workshop.workspaceId)
  expect(await round()).toBe(0)
  const before = await outbox()
  await changedTo(themes.replace('late*', 'third'))
  expect(await round()).toBe(1)
  expect(await coded()).toEqual(['both often answers', 'silent service person', 'both waiting words third'])
  expect(await outbox()).toBe(before + 2)
  expect(await round()).toBe(0)
  // What else changes in the program is no reason to.
  await changedTo(`${themes.replace('late*', 'third')}\n# Said differently.\n`)
  expect(await round()).toBe(0)
})
