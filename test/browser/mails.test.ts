import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Note } from '../../src/channels/note.ts'
import { noteTemplate, valuesOf } from '../../src/channels/noteTemplate.ts'
import { fill } from '../../src/channels/template.ts'
import { launch } from './process.ts'

let browser: Browser
beforeAll(async () => {
  browser = await launch()
})
afterAll(() => browser?.close())

const value = 'Annika Silfverstolpe-Lagerqvist, Region Stockholm, Maximilian Björnström'
const rowsOf = (label: string, said = value): Note['rows'] => Array.from({ length: 10 }, () => [label, said])
const cases: Array<[what: string, rows: Note['rows'], width: number]> = [
  ['long labels', rowsOf('Missed 23 Nov 2026, 06:35, handed up to you'), 200],
  ['short labels', rowsOf('First contact before'), 120],
  ['a label of one long word', rowsOf('Rekommenderas', 'anna@example.org'.repeat(3)), 120],
  ['names as labels', rowsOf(value, '19'), 200],
]

describe.each([320, 390, 600])('a mail at %i px', (width) => {
  it.each(cases)('can be read with %s', async (_, rows, narrowest) => {
    const note: Note = { language: 'en', subject: 'Read', title: 'Read', rows: rows ?? [] }
    const values = valuesOf(note, 'https://x.org', { name: 'Shop', slug: 'shop' })
    const page = await browser.newPage({ viewport: { width, height: 800 } })
    await page.setContent(fill(await noteTemplate(note), values, () => '').html)
    const measured = await page.evaluate(() => ({
      columns: [...document.querySelectorAll('td.label')].map((label) => {
        const value = label.nextElementSibling ?? label.parentElement?.nextElementSibling?.firstElementChild
        return [label.getBoundingClientRect().width, value?.getBoundingClientRect().width ?? 0]
      }),
      wide: document.documentElement.scrollWidth,
      high: document.documentElement.scrollHeight,
    }))
    await page.close()
    expect(measured.columns).toHaveLength(10)
    for (const [label, valued] of measured.columns) {
      expect(label).toBeGreaterThan(80)
      expect(valued).toBeGreaterThan(narrowest)
    }
    expect(measured.wide).toBeLessThanOrEqual(width)
    expect(measured.high).toBeLessThan(1500)
  })
})
