import { describe, expect, it } from 'vitest'
import { json, rowsOf, run } from './analyzed.ts'
import { filesFor } from './files.ts'

// Reports of spreadsheets end with the sums of what stands above them: no unit, no month and no answer.
const file = filesFor('totals')
const flat = (text: string) => text.replace(/\s+/g, ' ')
const regions = ['North', 'South', 'West']
const rows = regions.flatMap((region, r) =>
  Array.from({ length: 12 }, (_, m) => ({ region, month: m + 1, n: 100 + m, nps: 20 + 10 * r + (m % 3) })),
)
const plain = rows.map(({ region, month, n, nps }) => `${region},2026-${month},${n},${nps}`)
const sums = regions.map((region) => `${region} Total,,1266,${region.length}`)
const header = 'Region,Month,Responses,NPS'

describe('rows of totals', () => {
  it('are no units, and are told', async () => {
    const path = file('pivot.csv', [header, ...plain, ...sums, 'Grand Total,,3798,30', ''].join('\n'))
    const made = await json('units', path, '--score', 'NPS', '--unit', 'Region')
    expect([made.rows, made.result.units.length]).toEqual([36, 3])
    const told =
      '4 rows of totals (Region "North Total", Region "South Total", Region "West Total", Region "Grand Total") are left out'
    expect(made.conventions.join(' ')).toContain(told)
    expect(flat((await run(path)).out)).toContain(told)
    expect((await json('nps', path, '--score', 'NPS', '--by', 'Region')).result.groups).toHaveLength(3)
  })
  it('below a title, in Swedish, are left out as well', async () => {
    const path = file(
      'summa.csv',
      'Nöjdhet per butik;;;\n;;;\nButik;Kvartal;Antal svar;Andel nöjda\nÅs;2026-Q1;1 204;71,5 %\nÅs;2026-Q2;1 190;72,2 %\nÖrebro;2026-Q1;804;61,5 %\nÖrebro;2026-Q2;790;62,2 %\nTotalt;;3 988;67,0 %\n',
    )
    const made = await json('describe', path)
    expect(made.rows).toBe(4)
    expect(made.conventions.join(' ')).toContain('One row of totals (Butik "Totalt") is left out')
  })
  it('of every month are known by their sum', async () => {
    const months = rows.slice(0, 12).map(({ month }) => `Alla,2026-${month},${3 * (99 + month)},30`)
    const path = file('months.csv', [header, ...plain, ...months, ''].join('\n'))
    expect((await json('describe', path)).rows).toBe(36)
    const others = file(
      'others.csv',
      [header, ...plain, ...months.map((row) => row.replace(/,\d+,30/, ',17,30'))].join('\n'),
    )
    expect((await json('describe', others)).rows).toBe(48)
  })
  it('are kept where that is asked for, in the commands of the page as well', async () => {
    const path = file('kept.csv', [header, ...plain, ...sums, ''].join('\n'))
    const made = await json('units', path, '--score', 'NPS', '--unit', 'Region', '--keep-totals')
    expect(made.result.units).toHaveLength(6)
    expect((await run(path, '--keep-totals')).out).toContain('kept.csv --keep-totals --')
  })
  it('are not found in a company called Total, in comments, or in a matrix', async () => {
    const brands = rowsOf(40, (i) => `${['Shell', 'Total', 'Circle K'][i % 3]},${1 + (i % 5)},note ${i}`)
    expect((await json('describe', file('brands.csv', `brand,score,comment\n${brands}\n`))).rows).toBe(40)
    const comments = rowsOf(30, (i) => `${i},${i % 11},${i === 17 ? 'Total' : `word ${i}`}`)
    expect((await json('describe', file('comments.csv', `id,nps,comment\n${comments}\n`))).rows).toBe(30)
    const matrix = 'name,staff,total\nstaff,1,0.4\ntotal,0.4,1\n'
    expect((await json('describe', file('matrix.csv', matrix))).rows).toBe(2)
  })
})
