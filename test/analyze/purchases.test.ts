import { describe, expect, it } from 'vitest'
import { rowsOf, run } from './analyzed.ts'
import { filesFor } from './files.ts'

// Exports of orders, with a row for each line of an order: what was bought once is not what stands in one row.
const file = filesFor('purchases')
const flat = (text: string) => text.replace(/\s+/g, ' ')
const two = (n: number) => String(n).padStart(2, '0')

// Twelve customers; the first six have one order of three lines, the others two orders of two.
const lines = rowsOf(42, (i) => {
  const customer = i < 18 ? Math.floor(i / 3) : 6 + Math.floor((i - 18) / 4)
  const order = i < 18 ? customer : 6 + Math.floor((i - 18) / 2)
  return `A-${order},2026-${two(1 + (order % 6))}-10,C${customer},mug,${1 + (i % 3)},${5 * (1 + ((i * 7) % 19))}`
})

describe('lines of orders', () => {
  it('are counted by their order where the file names it', async () => {
    const path = file('lines.csv', `order_id,order_date,customer_id,product,quantity,line_total\n${lines}\n`)
    const { out } = await run(path)
    expect(out).toContain('--customer customer_id --date order_date --amount line_total --order order_id')
    expect(flat(out)).toContain('50 % have one order;')
    const described = await run('describe', path)
    expect(described.out).toContain('--amount line_total --order order_id')
  })
  it('in Swedish, with the number of the line beside it, as well', async () => {
    const rows = lines
      .split('\n')
      .map((line, i) => {
        const [order, date, customer, , , total] = line.split(',')
        return [customer, date, i % 3, `${total},50`, order].join(';')
      })
      .join('\n')
    const path = file('rader.csv', `kund;orderdatum;orderrad;belopp;ordernr\n${rows}\n`)
    const { out } = await run(path)
    expect(out).toContain('--customer kund --date orderdatum --amount belopp --order ordernr')
    expect(flat(out)).toContain('50 % have one order;')
  })
  it('without it are told to be taken for purchases', async () => {
    const rows = lines.replaceAll(/^A-\d+,/gm, '')
    const path = file('rows.csv', `order_date,customer_id,product,quantity,line_total\n${rows}\n`)
    const { out } = await run(path)
    expect(out).not.toContain('--order')
    expect(flat(out)).toContain('0 % bought once, each row taken for a purchase;')
  })
  it('that each have an order of their own need none', async () => {
    const rows = lines
      .split('\n')
      .map((line, i) => `B-${i},${line.slice(line.indexOf(',') + 1)}`)
      .join('\n')
    const path = file('orders.csv', `order_id,order_date,customer_id,product,quantity,line_total\n${rows}\n`)
    expect((await run(path)).out).not.toContain('--order')
  })
})

describe('what a page measures over time', () => {
  it('is the money of a file of purchases, summed, and not the number of the line', async () => {
    const path = file(
      'rader2.csv',
      `kund;orderdatum;orderrad;belopp;ordernr\n${rowsOf(120, (i) => `C${i % 12};2025-${two(1 + (i % 12))}-10;${i % 3};${5 * (1 + ((i * 7) % 19))},50;O${Math.floor(i / 2)}`)}\n`,
    )
    const { out } = await run(path)
    expect(out).toContain('Has the sum of belopp changed, and when?')
    expect(out).toMatch(/forecast \S+ --value belopp --stat sum --date orderdatum/)
    expect(out).not.toContain('--value orderrad')
  })
  it('is what was asked, and not how many answered', async () => {
    const path = file(
      'asked.csv',
      `Month,Responses,NPS\n${rowsOf(24, (i) => `${2024 + Math.floor(i / 12)}-${two(1 + (i % 12))},${100 + ((i * 7) % 40)},${20 + ((i * 5) % 13)}`)}\n`,
    )
    expect((await run(path)).out).toContain('--value NPS --date Month')
  })
  it('is nothing by the day on which people were employed; how long they stay is told instead', async () => {
    const path = file(
      'personal.csv',
      `eNPS;Trivsel;Slutade;Anställd från;Slutdatum\n${rowsOf(60, (i) => `${i % 11};${1 + ((i * 3) % 5)};${i % 3 ? 'Nej;' : 'Ja;'}2022-${two(1 + (i % 12))}-01;${i % 3 ? '' : `2024-${two(1 + (i % 12))}-01`}`)}\n`,
    )
    const { out } = await run(path)
    expect(out).toMatch(/survival \S+ --start 'Anställd från' --end Slutdatum/)
    expect(out).toMatch(/churn \S+ --outcome Slutade/)
    expect(out).not.toMatch(/(trend|forecast) \S+ .*--date 'Anställd/)
  })
})
