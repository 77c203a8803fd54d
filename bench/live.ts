// For: how soon an answer shows: as a number and a comment on the overview, as a case in the open inbox, as a mail to its owner.
// In: an engine. Out: rows of the bench table, on the demo's data in Chromium; alone, and while 50 answers a second come in.
import type { Page } from 'playwright-core'
import { launch, signedIn } from '../test/browser/process.ts'
import { connections, type Engine, type Host, post, startHost } from './hosted.ts'
import { type BenchRow, median } from './table.ts'

const alone = 9
const perSecond = 50
const seconds = 15
/** One answer in so many is unhappy and opens a case; in the demo's own years it is one in sixteen. */
const unhappyEvery = 5

const form = (mark: string, satisfaction: number) =>
  Buffer.from(
    new URLSearchParams([
      ['asked', 'satisfaction comment contactMe'],
      ['q.satisfaction', String(satisfaction)],
      ['q.comment', mark],
      ['go', 'next'],
    ]).toString(),
  )

const percentile = (values: readonly number[], share: number): number =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))]!

/** Notes in the page when each mark is first seen on it, by the machine's clock. */
function watch(page: Page): Promise<void> {
  return page.evaluate(() => {
    const seen: Record<string, number> = {}
    Object.assign(window, { seen })
    const look = () => {
      for (const mark of document.body.textContent?.match(/mark-\w+-\d+/g) ?? []) seen[mark] ??= Date.now()
    }
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true })
  })
}

const seenOn = (page: Page): Promise<Record<string, number>> =>
  page.evaluate(() => (window as never as { seen: Record<string, number> }).seen)

async function until(done: () => Promise<boolean>, most: number): Promise<void> {
  const end = performance.now() + most
  while (!(await done()) && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 100))
}

/** Hands answers in at an even pace. @returns when each was thanked for, by its mark */
async function handIn(host: Host, round: string, count: number, every: number): Promise<Map<string, number>> {
  const tokens = await host.call('inviteDemo', round, count)
  const agent = connections(16)
  const thanked = new Map<string, number>()
  const began = performance.now()
  const posts = tokens.map(async (token, index) => {
    await new Promise((resolve) =>
      setTimeout(resolve, Math.max(0, began + index * every - performance.now())),
    )
    const mark = `mark-${round}-${index}`
    const body = form(mark, index % unhappyEvery === 0 ? 1 : 5)
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const { status } = await post(host, agent, `/s/${token}`, headers, body)
    if (status !== 303) throw new Error(`the form of ${token} was answered ${status}`)
    thanked.set(mark, Date.now())
  })
  await Promise.all(posts)
  agent.destroy()
  return thanked
}

const isUnhappy = (mark: string) => Number(mark.split('-').at(-1)) % unhappyEvery === 0

/** Milliseconds from the thanks to the mark being seen, and how many of these were seen at all. */
function delays(thanked: Map<string, number>, seen: Record<string, number>) {
  const marks = [...thanked].filter(([mark]) => isUnhappy(mark))
  const found = marks.filter(([mark]) => seen[mark] !== undefined)
  return { of: marks.length, delays: found.map(([mark, at]) => seen[mark]! - at) }
}

export async function benchLive(engine: Engine): Promise<BenchRow[]> {
  const host = await startHost(engine)
  const browser = await launch()
  try {
    const { link, workspace } = await host.call('demo')
    const start = await signedIn(browser, link, [])
    await start.evaluate((slug) => localStorage.setItem('samklang-workspace', slug), workspace)
    const open = async (path: string) => {
      const page = await start.context().newPage()
      await page.goto(`http://localhost:${host.port}${path}`)
      await page.getByRole('heading', { level: 1 }).waitFor()
      await watch(page)
      return page
    }
    const rows: BenchRow[] = []
    const row = (name: string, values: number[], of = values.length) => {
      const told = `${name}, ${engine} (${values.length} of ${of} seen)`
      rows.push({ name: `${told}, median`, value: median(values), unit: 'ms', target: '< 1,000' })
      rows.push({ name: `${told}, 95th percentile`, value: percentile(values, 0.95), unit: 'ms' })
    }
    const first = await open('/')
    const single: number[] = []
    for (let index = -2; index < alone; index++) {
      const [[mark, at]] = [...(await handIn(host, `a${index + 2}`, 1, 0))] as [[string, number]]
      await until(async () => (await seenOn(first))[mark] !== undefined, 20_000)
      // The first two warm up what only runs with answers.
      if (index >= 0) single.push((await seenOn(first))[mark]! - at)
    }
    row('One answer to the overview', single)
    await first.close()

    const inbox = await open('/cases?sort=newest')
    const thanked = await handIn(host, 'b', perSecond * seconds, 1000 / perSecond)
    const seen = () => seenOn(inbox).then((found) => delays(thanked, found))
    await until(async () => (await seen()).delays.length === (await seen()).of, 15_000)
    const { of, delays: found } = await seen()
    const { mailed, opened } = await host.call('followed', 'b')
    row(`${perSecond} answers a second, to the case`, opened, of)
    // Owners are mailed about those that opened a case; the others joined one.
    row(`${perSecond} answers a second, to the owner's mail`, mailed, of)
    row(`${perSecond} answers a second, to the open inbox`, found, of)
    return rows
  } finally {
    await browser.close()
    await host.close()
  }
}
