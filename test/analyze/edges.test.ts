import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Schema from 'typebox/schema'
import { afterAll, describe, expect, it } from 'vitest'
import { analyze } from '../../src/analyze/command/command.ts'
import { methods } from '../../src/analyze/methods/methods.ts'
import { outputSchema } from '../../src/analyze/methods/output-schema.ts'

const folder = mkdtempSync(join(tmpdir(), 'samklang-edges-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function run(...argv: string[]) {
  let out = ''
  let err = ''
  const code = await analyze(argv, {
    stdout: { write: (text) => (out += text) },
    stderr: { write: (text) => (err += text) },
    isTTY: false,
  })
  return { code, out, err }
}

const header = 'id,date,value,score,flag,treated,post,group,time,active,end\n'
const row = (i: number, cells: Partial<Record<string, string | number>> = {}) => {
  const all = {
    id: `c${i}`,
    date: `2026-0${1 + (i % 6)}-11`,
    value: i % 4,
    score: i % 11,
    flag: i % 2,
    treated: i % 2,
    post: (i >> 1) % 2,
    group: `g${i % 3}`,
    time: i % 5,
    active: 100 - i,
    end: `2026-1${i % 3}-21`,
  }
  return Object.values({ ...all, ...cells }).join(',')
}
const many = Array.from({ length: 30 }, (_, i) => i)
const constant = {
  date: '2026-01-11',
  value: 5,
  score: 9,
  flag: 1,
  treated: 1,
  post: 1,
  group: 'g',
  time: 3,
  active: 7,
  end: '2026-11-21',
}
const files: Record<string, string> = {
  'no rows': header,
  'one row': `${header}${row(1)}\n`,
  'two rows': `${header}${row(1)}\n${row(2)}\n`,
  'blank cells': `${header}${many.map(() => ',,,,,,,,,,').join('\n')}\n`,
  'words for numbers': `${header}${many.map((i) => `c${i},soon,x,y,z,maybe,later,g,long,some,then`).join('\n')}\n`,
  'constant columns': `${header}${many.map((i) => row(i, constant)).join('\n')}\n`,
  'huge and tiny numbers': `${header}${many.map((i) => row(i, { value: i % 2 ? 1e100 : -1e-100, time: i * 1e8 })).join('\n')}\n`,
  'thirty plain rows': `${header}${many.map((i) => row(i)).join('\n')}\n`,
}
const commands: [string, string[]][] = [
  ['trend', ['--value', 'value']],
  ['trend', ['--value', 'value', '--date', 'date', '--period', 'month']],
  ['trend', ['--score', 'score', '--date', 'date', '--period', 'week']],
  ['trend', ['--share', 'flag', '--time', 'time']],
  ['forecast', ['--value', 'value']],
  ['forecast', ['--value', 'value', '--season', '4', '--model', 'multiplicative']],
  ['forecast', ['--score', 'score', '--date', 'date', '--period', 'month', '--gaps', 'linear']],
  ['initiative', ['--outcome', 'value', '--treated', 'treated', '--post', 'post']],
  [
    'initiative',
    [
      '--outcome',
      'value',
      '--treated',
      'treated',
      '--date',
      'date',
      '--start',
      '2026-03-01',
      '--cluster',
      'group',
    ],
  ],
  ['initiative', ['--outcome', 'value', '--treated', 'treated', '--before', 'score']],
  ['value', ['--customer', 'id', '--date', 'date', '--amount', 'value']],
  ['value', ['--active', 'active', '--renewal', 'time', '--discount', '0.1']],
  ['value', ['--margin', 'value', '--retention', 'flag', '--discount', '0.1']],
  [
    'survival',
    ['--time', 'time', '--event', 'flag', '--by', 'group', '--covariates', 'value,group', '--at', '0,2,100'],
  ],
  ['survival', ['--start', 'date', '--end', 'end']],
  ['churn', ['--outcome', 'flag', '--predictors', 'value,score,group']],
  ['describe', []],
]

describe('a file that holds little', () => {
  for (const [name, content] of Object.entries(files)) {
    it(`${name}: each method answers or says what is wrong`, async () => {
      const path = join(folder, `${name}.csv`)
      writeFileSync(path, content)
      for (const [method, options] of commands) {
        const label = `${method} ${options.join(' ')}`
        const { code, out, err } = await run(method, path, ...options, '--json')
        if (code === 2) {
          // A column without any number or flag is the fault of the command, and it is named.
          expect(err, label).toMatch(/yes or no|no values|grows|no count|stands several times|leaves nothing/)
          continue
        }
        expect(out, label).not.toMatch(/NaN|Infinity|undefined/)
        const schema = outputSchema(methods.find((one) => one.name === method)!)
        const [ok, errors] = Schema.Errors(schema, JSON.parse(out))
        expect(ok ? [] : errors, label).toEqual([])
        const text = await run(method, path, ...options)
        expect(text.code, label).toBe(0)
        expect(text.out, label).not.toMatch(/NaN|Infinity|undefined|\[object/)
      }
    })
  }
})
