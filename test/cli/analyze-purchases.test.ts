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
