import { describe, expect, it } from 'vitest'
import { rightProgram } from '../../test/rightProgram.ts'
import { checkProgram, checkReport, faultLines } from './check.ts'

const saying = (text: string) =>
  checkProgram([
    { path: 'p.yaml', text: rightProgram.replace('sv: Leverans', `sv: ${JSON.stringify(text)}`) },
  ])
const warned = (text: string) => saying(text).warnings.map(({ message }) => message)
const gap = (name: string) => `{${name}} may have no value; say what stands there then: {${name} | …}`

describe('a name in braces', () => {
  it('leaves no gap unseen, where nothing is said of it', () => {
    const { program, warnings } = saying('Besök av {employee.name} i {unit.name | butiken}')
    expect(program).toBeDefined()
    expect(warnings.map(({ message }) => message)).toEqual([gap('employee.name')])
    expect(rightProgram.split('\n')[warnings[0]!.line - 1]).toContain('sv: Leverans')
    expect(warned('Besök av { order.price } i dag')).toEqual([gap('order.price')])
    expect(checkReport(saying('Besök av {employee.name} idag'))).toMatch(
      /: no faults\. .*\n1 warning:\np\.yaml:\d+:\d+ surveys\.delivery\.name\.sv: \{employee\.name\} may/,
    )
  })

  it('may be a key, and in letters also what is known of the customer', () => {
    expect(warned('{customer.key}\n{account.key}\n{order.key}')).toEqual([])
    const letter = (body: string) =>
      checkProgram([
        {
          path: 'p.yaml',
          text: rightProgram.replace(
            'themes:',
            `  templates:\n    a: { subject: A, body: ${JSON.stringify(body)} }\nthemes:`,
          ),
        },
      ])
    expect(letter('{{order.key}}\n{{customer.phone}}\n{{customer.email}}\n{{customer.name}}')).toMatchObject({
      faults: [],
      warnings: [],
    })
    expect(faultLines(letter('{{order.phone}}').faults)).toContain('{order.phone} stands for nothing')
    expect(faultLines(saying('{customer.phone}').faults)).toContain('{customer.phone} stands for nothing')
  })

  it('may be left out of a greeting, and of a line of its own', () => {
    expect(warned('Hej {employee.name}, hur var det?')).toEqual([])
    expect(warned('Tack!\n{employee.name}\nHej')).toEqual([])
    expect(warned('Tack {employee.name}')).toEqual([gap('employee.name')])
  })

  it('stands in as many braces as are filled in there', () => {
    const faults = (text: string) => faultLines(saying(text).faults)
    expect(faults('Hej {{employee.name}}!')).toContain('expected {employee.name}; found {{employee.name}}')
    expect(faults('Hej {employe.name | du}!')).toContain('{employe.name} stands for nothing; did you mean')
  })
})
