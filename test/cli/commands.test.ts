import { spawnSync } from 'node:child_process'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { scopes } from '../../src/base/principal.ts'
import { askTable } from '../../src/cli/ask.ts'
import type { AskResult, AskRow } from '../../src/insight/ask.ts'

const main = resolve(import.meta.dirname, '../../src/main.ts')
const samklang = (...argv: string[]) =>
  spawnSync(process.execPath, [main, ...argv], { encoding: 'utf8', cwd: resolve(main, '../..') })

describe('the help of a command', () => {
  it('names every scope that a key can have', () => {
    const { status, stdout } = samklang('api-key', '--help')
    expect(status).toBe(0)
    for (const scope of scopes) expect(stdout).toMatch(new RegExp(`[ ,]${scope}[,.]`))
  })

  it('stands for every command there is', () => {
    const { stdout } = samklang('--help')
    const names = [...stdout.matchAll(/^ {2}([a-z-]+(?: [a-z-]+)?) {2,}\S/gm)].map(
      (line) => line[1] as string,
    )
    expect(names).toContain('program check')
    expect(names.length).toBeGreaterThan(10)
  })
})

describe('an answer in a terminal', () => {
  const row = (by: string[], n: number): AskRow => ({ by, n, value: 50, interval: [40, 60] }) as AskRow
  const result = (rows: AskRow[], fields: string[]) =>
    ({
      ask: { metric: 'csat' },
      metric: { id: 'csat', kind: 'csat', label: 'CSAT', unit: 'percent' },
      total: row([], 100),
      rows,
      fields: fields.map((id) => ({ id, label: id, type: 'category', labels: {} })),
      truncated: false,
      watermark: '2026-03-02T10:00:00.000Z',
      version: '0123456789abcdef',
    }) as AskResult
  const rules = (text: string) => text.split('\n').filter((line) => /^-+$/.test(line)).length

  it('has a rule under its head, and one above the total when there are groups', () => {
    expect(rules(askTable(result([], [])))).toBe(1)
    const grouped = askTable(result([row(['SP'], 60), row(['RJ'], 40)], ['customer.state']))
    expect(rules(grouped)).toBe(2)
    expect(grouped).toMatch(/^SP .*\nRJ .*\n-+\nall /m)
  })

  it('has two digits that say something of a mean near 0, and as many of its interval', () => {
    const hours = { by: [], n: 3, value: 0.00431, mean: 0.00431, interval: [-0.00002, 0.00873] } as AskRow
    const metric = { id: 'hoursToContact', kind: 'mean', label: 'Hours', unit: 'mean' } as const
    expect(askTable({ ...result([], []), metric, total: hours })).toMatch(/ 0\.0043 +-?0\.0000 to 0\.0087/)
    const seconds = { ...hours, value: 0.000043, interval: [0.000021, 0.000065] } as AskRow
    expect(askTable({ ...result([], []), metric, total: seconds })).toMatch(
      / 0\.000043 +0\.000021 to 0\.000065/,
    )
  })

  it('has a line for each period, also when nothing else is asked by', () => {
    const months = ['2026-01-01', '2026-02-01'].map((period) => ({ ...row([], 50), period }))
    expect(askTable(result(months, []))).toMatch(/^2026-01-01 .*\n2026-02-01 .*\n-+\n +100 /m)
  })
})
