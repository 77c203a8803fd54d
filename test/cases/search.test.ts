import { afterAll, beforeAll, expect, it } from 'vitest'
import { caseTabs, readInbox } from '../../src/cases/inbox.ts'
import { closeHouse, openWorkshop } from '../workshop.ts'
import { openRecovery, recoveryShop } from './recovery.ts'

beforeAll(async () => void (await openWorkshop('2026-03-01T00:00:00Z')), 120_000)
afterAll(closeHouse)

const program = `${recoveryShop('recovery:\n  rules: [{ id: detractor, when: answers.recommend <= 6 }]')}
themes:
  - { id: staff, name: Staff, words: { en: [rude] } }
`

it('what is common is found on the way through the inbox, and it is the same', async () => {
  const shop = await openRecovery('2026-03-02T09:00:00Z', program)
  const other = await openRecovery('2026-03-02T09:00:00Z', program)
  await other.answer({ customer: 'ann', comment: 'They were rude and late.' })
  await shop.answer(
    { customer: 'ann', comment: 'They were rude and late.', email: 'ann.lee@example.org' },
    { customer: 'bea', comment: 'Rudeness itself' },
    { customer: 'Åsa', comment: "It's 'late' \\ again: rude!", unit: 'team2' },
  )
  const asker = { me: 'anna', scope: {}, now: shop.clock.now() }
  for (const [filter, found] of [
    [{ text: 'rude' }, 3],
    [{ text: 'RUDE late' }, 2],
    [{ text: 'ann.lee@example.org' }, 1],
    [{ text: 'ås' }, 1],
    [{ text: 'late', unit: 'team2' }, 1],
    [{ text: 'ude' }, 0],
    [{ text: '%' }, 0],
    [{ themes: ['staff'] }, 2],
    [{ themes: ['staff'], text: 'ann' }, 1],
    [{ themes: ['price'] }, 0],
    [{ themes: [] }, 0],
  ] as const) {
    const pages = await shop.database.inWorkspace(shop.workspaceId, async (tx) => [
      await readInbox(tx, { ...filter, limit: 2 }, asker),
      await readInbox(tx, { ...filter, limit: 2 }, asker, 1),
    ])
    for (const { items, total } of pages) {
      expect({ filter, total }).toEqual({ filter, total: found })
      expect(items).toHaveLength(Math.min(2, found))
    }
    expect(pages[0]!.items.map(({ caseId }) => caseId)).toEqual(pages[1]!.items.map(({ caseId }) => caseId))
  }
  // An answer that joins is found as well, with its theme.
  await shop.answer({ customer: 'bea', comment: 'Never again, rude' })
  const joined = await shop.database.inWorkspace(shop.workspaceId, (tx) =>
    readInbox(tx, { text: 'never itself', themes: ['staff'], limit: 2 }, asker),
  )
  expect(joined.total).toBe(1)
})

it('each tab counts what it shows, and a held case counts under its own alone', async () => {
  const shop = await openRecovery('2026-03-02T09:00:00Z', program)
  const customers = Array.from({ length: 12 }, (_, index) => ({ customer: `customer ${index}` }))
  await shop.answer(...customers)
  // Every mixture of owner, hold and deadline: some held, some held until a while ago, some reached already.
  await shop.database.inWorkspace(shop.workspaceId, (tx) =>
    tx.query(
      `update cases c set owner = (array['anna', 'bo', null])[n % 3 + 1],
         hold_until = case n % 4 when 0 then $2::timestamptz + interval '1 day' when 1 then $2::timestamptz - interval '1 day' end,
         contact_due_at = $2::timestamptz + (n % 5 - 2) * interval '20 hours',
         contacted_at = case when n % 7 = 6 then $2::timestamptz end
       from (select case_id, row_number() over (order by case_id)::int as n from cases where workspace_id = $1) as numbered
       where c.workspace_id = $1 and c.case_id = numbered.case_id`,
      [shop.workspaceId, shop.clock.now()],
    ),
  )
  const asker = { me: 'anna', scope: {}, now: shop.clock.now() }
  const read = (tab: (typeof caseTabs)[number], unit?: string) =>
    shop.database.inWorkspace(shop.workspaceId, (tx) =>
      readInbox(tx, { tab, limit: 50 }, { ...asker, scope: unit === undefined ? {} : { unitKey: unit } }),
    )
  const { counts } = await read('open')
  for (const tab of caseTabs)
    if (tab !== 'all') expect({ [tab]: (await read(tab)).items.length }).toEqual({ [tab]: counts[tab] })
  expect(counts).toMatchObject({ open: 9, held: 3, mine: 3 })
  expect((await read('open', 'team2')).counts).toMatchObject({ open: 0, held: 0 })
})
