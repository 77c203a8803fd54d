import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { json, refused, rowsOf } from './analyzed.ts'

// Columns, options and targets that cannot be meant: refused in words that name them, with exit code 2.

const folder = mkdtempSync(join(tmpdir(), 'samklang-refusals-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function file(name: string, content: string): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

describe('columns and options that cannot be meant', () => {
  const people = file(
    'people.csv',
    `left,score,x1,x2,k,m,day\n${rowsOf(40, (i) => `${i % 3 === 0 ? 'yes' : 'no'},${(i * 7) % 11},${1 + (i % 5)},${1 + ((i * 3) % 5)},${'ab'[i % 2]},${'ab'[(i >> 1) % 2]},2026-0${1 + (i % 6)}-1${i % 9}`)}\n`,
  )
  const cases: readonly (readonly [string, readonly string[], string])[] = [
    [
      'drivers',
      ['--outcome', 'score', '--drivers', 'score,x1'],
      '"score" is the --outcome, and cannot be among --drivers as well',
    ],
    [
      'penalty-reward',
      ['--outcome', 'x1', '--drivers', 'x2,x1'],
      '"x1" is the --outcome, and cannot be among --drivers as well',
    ],
    [
      'churn',
      ['--outcome', 'left', '--predictors', 'left,x1'],
      '"left" is the --outcome, and cannot be among --predictors as well',
    ],
    [
      'survival',
      ['--time', 'score', '--event', 'left', '--covariates', 'x1,score'],
      '"score" is the --time, and cannot be among --covariates as well',
    ],
    ['drivers', ['--outcome', 'score', '--drivers', 'x1,x1'], '--drivers names "x1" twice'],
    ['penalty-reward', ['--outcome', 'score', '--drivers', 'x1,x1'], '--drivers names "x1" twice'],
    [
      'churn',
      ['--outcome', 'left', '--predictors', 'x1', '--predictors', 'x1'],
      '--predictors names "x1" twice',
    ],
    ['agreement', ['--raters', 'k,k'], '--raters names "k" twice'],
    ['correlate', ['--x', 'x1', '--o', 'x1'], '--x and --o need different columns'],
    [
      'nps',
      ['--score', 'score', '--score', 'x1'],
      '--score takes one value, and is given 2 times: score, x1',
    ],
    ['words', ['--text', 'k', '--by', 'm', '--score', 'score'], '--by or --score, not both'],
    ['trend', ['--value', 'x1', '--score', 'score'], 'one series at a time: --value or --score, not both'],
    [
      'forecast',
      ['--value', 'x1', '--model', 'holt', '--gamma', '0.1'],
      '--gamma has no effect with --model holt; it is for additive, multiplicative',
    ],
    [
      'forecast',
      ['--value', 'x1', '--model', 'simple', '--beta', '0.1'],
      '--beta has no effect with --model simple; it is for holt, additive, multiplicative',
    ],
    [
      'forecast',
      ['--value', 'x1', '--gamma', '0.1'],
      '--gamma has no effect here: the series and --season leave naive, simple, holt to try, and it is for additive, multiplicative',
    ],
    [
      'forecast',
      ['--value', 'x1', '--model', 'holt', '--criterion', 'mape'],
      '--criterion chooses among models and has no effect with --model',
    ],
    [
      'drivers',
      ['--outcome', 'score', '--drivers', 'x1,x2', '--n', '10'],
      '--n has no effect without --covariance',
    ],
    [
      'trend',
      ['--value', 'x1', '--baseline', '50'],
      '--baseline 50 is more than the 40 points of the series',
    ],
    [
      'trend',
      ['--value', 'x1', '--charts', 'cusum', '--lambda', '0.3'],
      '--lambda has no effect on cusum; it is for ewma',
    ],
    [
      'initiative',
      ['--outcome', 'score', '--treated', 'left', '--post', 'k', '--date', 'day', '--start', '2026-03-01'],
      '--post or --date, not both: each tells before from after',
    ],
    [
      'value',
      ['--customer', 'k', '--active', 'x1'],
      '--customer or --active, not both: each is a form of its own',
    ],
    [
      'survival',
      ['--time', 'score', '--event', 'left', '--ties', 'breslow'],
      '--ties has no effect without --covariates',
    ],
    [
      'churn',
      ['--outcome', 'left', '--predictors', 'x1', '--category', 'x2'],
      '--category names "x2", which is not among --predictors',
    ],
    [
      'words',
      ['--text', 'k', '--score', 'score', '--compare', 'a,b'],
      '--compare has no effect with --score: low scores are held against high ones',
    ],
    [
      'correlate',
      ['--x', 'x1', '--o', 'x2', '--categories', 'k'],
      '--categories names "k", which is not among --x or --o',
    ],
    ['forecast', ['--value', 'x1', '--gaps', 'linear'], '--gaps has no effect without --period'],
    [
      'forecast',
      ['--value', 'x1', '--date', 'day', '--period', 'month', '--max-filled', '0.5'],
      '--max-filled has no effect without --gaps',
    ],
    [
      'value',
      ['--retention', '0.8', '--discount', '0.1', '--top', '3'],
      '--top has no effect where no number is a column: there is one value',
    ],
    ['trend', ['--value', 'x1', '--stat', 'sum'], '--stat has no effect without --date or --time'],
    [
      'units',
      ['--unit', 'k', '--score', 'score', '--method', 'dl', '--within', 'joint'],
      '--within joint estimates both variances by likelihood (--method ml or reml); with dl it is pooled or own',
    ],
    ['nps', ['--score', 'score', '--by', 'k', '--compare', 'a,a'], '--compare holds "a" against itself'],
    ['words', ['--text', 'm', '--by', 'k', '--compare', 'a,a'], '--compare holds "a" against itself'],
    [
      'nps',
      ['--score', 'score', '--by', 'k,Score'],
      '"score" is given for --score and for --by, which cannot be the same column',
    ],
    [
      'units',
      ['--unit', 'score', '--score', 'score'],
      '"score" is given for --unit and for --score, which cannot be the same column',
    ],
    [
      'initiative',
      ['--outcome', 'score', '--before', 'score', '--treated', 'left'],
      '"score" is given for --outcome and for --before, which cannot be the same column',
    ],
    [
      'survival',
      ['--time', 'left', '--event', 'left'],
      '"left" is given for --time and for --event, which cannot be the same column',
    ],
    [
      'value',
      ['--customer', 'x1', '--amount', 'x1', '--date', 'day'],
      '"x1" is given for --customer and for --amount, which cannot be the same column',
    ],
    [
      'weight',
      ['--score', 'score', '--margin', 'score=9:0.5,10:0.5'],
      '"score" is the --score, and cannot be a margin (score): the weights would make the score what they are told',
    ],
    [
      'penalty-reward',
      ['--outcome', 'score', '--drivers', 'x1', '--low', '5-1'],
      '--low 5-1 runs backwards: 1-5',
    ],
    [
      'penalty-reward',
      ['--outcome', 'score', '--drivers', 'x1', '--low', '4-5', '--high', '1'],
      '--low 4-5 lies above --high 1; turn a scale round on which 1 is the best',
    ],
    [
      'penalty-reward',
      ['--outcome', 'score', '--drivers', 'x1', '--low', '1-3', '--high', '3-5'],
      '--low and --high overlap',
    ],
    [
      'trend',
      ['--value', 'x1', '--sigma', '1', '--estimator', 'sd'],
      '--estimator has no effect with --sigma, which is given and not estimated',
    ],
    [
      'trend',
      ['--value', 'x1', '--center', '20', '--sigma', '2', '--baseline', '5'],
      '--baseline has no effect: all that individuals, ewma, cusum would estimate is given',
    ],
    ['trend', ['--value', 'x1', '--width', '0'], '--width takes a number above 0, not "0"'],
    ['trend', ['--value', 'x1', '--sigma', '-1'], '--sigma takes a number above 0, not "-1"'],
    [
      'trend',
      ['--value', 'x1', '--head-start', '9'],
      '--head-start 9 is not below --h 5: the sums would begin with an alarm',
    ],
    ['forecast', ['--value', 'x1', '--ends', '0.1'], '--ends has no effect without --date or --time'],
    [
      'forecast',
      ['--value', 'x1', '--model', 'additive'],
      '--model additive needs a cycle: --season N of 2 or more, or --date with --period',
    ],
    [
      'forecast',
      ['--value', 'x1', '--test-horizon', '50'],
      '--test-horizon 50 leaves nothing of the 40 values to learn from',
    ],
    [
      'survival',
      ['--time', 'score', '--event', 'left', '--at', '3,-5'],
      '--at takes times of 0 or more, not -5',
    ],
    [
      'survival',
      ['--time', 'score', '--event', 'left', '--tau', '0'],
      '--tau takes a number above 0, not "0"',
    ],
    [
      'churn',
      ['--outcome', 'left', '--predictors', 'x1', '--thresholds', '0.5,50'],
      '--thresholds takes shares between 0 and 1, not 50 (50 % is 0.5)',
    ],
    [
      'initiative',
      ['--outcome', 'score', '--treated', 'left', '--date', 'day', '--start', '2035-01-01'],
      '--start 2035-01-01 leaves nothing after it: the rows are of 2026-01 to 2026-06',
    ],
    [
      'drivers',
      ['--outcome', 'score', '--drivers', 'x1,x2', '--min-n', '0'],
      '--min-n takes a number of 4 or more, not "0"',
    ],
    ['words', ['--text', 'm', '--by', 'k', '--top', '-1'], '--top takes a number of 0 or more, not "-1"'],
    ['agreement', ['--raters', 'x1,x2', '--categories', '1,2,2,3,4,5'], '--categories names "2" twice'],
    [
      'weight',
      ['--margin', 'k=a:0.5,b:0.5', '--rounds', '5'],
      '--rounds has no effect with one margin: post-stratification takes one step',
    ],
  ]
  for (const [method, options, told] of cases)
    it(`${method} ${options.join(' ')}`, async () => {
      expect(await refused(method, people, ...options)).toBe(told)
    })
  it('tells where the limits of R are no others', async () => {
    const series = ['--value', 'x1', '--season', '1', '--limits', 'R']
    const told = "R's limits differ from the proper ones in the multiplicative model alone."
    expect((await json('forecast', people, ...series, '--model', 'simple')).conventions).toContain(told)
    expect((await json('forecast', people, ...series)).conventions).toContain(told)
    const seasonal = ['--value', 'x1', '--season', '4', '--limits', 'R']
    expect((await json('forecast', people, ...seasonal)).conventions).not.toContain(told)
  })
  it('takes the two sides of --compare alone, and counts the others as left out', async () => {
    const path = file('sides.csv', 'side,text\na,good food\nb,bad food\nc,cold food\nc,late\n')
    const compared = await json('words', path, '--text', 'text', '--by', 'side', '--compare', 'a,c')
    expect([compared.used, compared.dropped]).toEqual([3, { 'of other groups': 1 }])
    expect(await refused('words', path, '--text', 'text', '--by', 'side', '--compare', 'a,d')).toBe(
      '--compare: there is no "d"; there are a, b, c',
    )
  })
  it('tells what correlate does not hold against itself', async () => {
    const { conventions, result } = await json('correlate', people, '--x', 'x1', '--o', 'x1,x2')
    expect(conventions[0]).toBe('Not held against itself: x1.')
    expect(result.pairs).toHaveLength(1)
  })
  it('takes orders of a customer apart by their date, and what was treated for who is measured', async () => {
    await json('value', people, '--customer', 'k', '--amount', 'x1', '--date', 'day', '--order', 'day')
    const own = ['--outcome', 'score', '--treated', 'left', '--date', 'day', '--start', '2026-03-01']
    await json('initiative', people, ...own, '--unit', 'x1', '--cluster', 'x1')
  })
  it('lets the constant of the ranges be chosen beside a given sigma', async () => {
    const own = ['--value', 'x1', '--sigma', '1', '--estimator', 'exact moving range']
    expect((await json('trend', people, ...own)).result.charts.individuals.ranges.centre).toBeCloseTo(
      1.128379,
      6,
    )
  })
  it('tells for which column a name in other letters was taken', async () => {
    const told = '"Score" is taken for the column "score".'
    expect((await json('nps', people, '--score', 'Score')).conventions).toContain(told)
    expect((await json('nps', people, '--score', 'score')).conventions).not.toContain(told)
  })
  it('says what was probably meant', async () => {
    expect(await refused('nps', people, '--scor', 'score')).toBe(
      "Unknown option '--scor' (did you mean --score?). See samklang analyze nps --help",
    )
    expect(await refused('nps', people, '--score', 'scoer')).toContain(
      'there is no column "scoer" (did you mean score?); the file has left',
    )
    expect(await refused('drivrs', people, '--outcome', 'x1')).toContain(
      'there is no method "drivrs" (did you mean drivers?)',
    )
    expect(await refused('corelate', people)).toContain(
      'there is no method "corelate" (did you mean correlate?)',
    )
    expect(await refused('survial')).toBe('there is no file survial (did you mean the method survival?)')
    expect(await refused('zzz')).toBe('there is no file zzz')
  })
})

describe('more groups than anybody can read', () => {
  const path = file(
    'many.csv',
    `id,score,left,text\n${rowsOf(50_001, (i) => `i${i},${i % 11},${i % 2},word`)}\n`,
  )
  const cases: readonly (readonly [string, readonly string[], string])[] = [
    ['nps', ['--score', 'score', '--by', 'id'], 'there are more than 50,000 groups and periods'],
    ['survival', ['--time', 'score', '--event', 'left', '--by', 'id'], '--by has more than 200 different'],
    [
      'words',
      ['--text', 'text', '--by', 'id'],
      'there are more than 50 groups; choose two with --compare A,B',
    ],
    ['churn', ['--outcome', 'left', '--predictors', 'id'], '"id" has more than 60 different values'],
  ]
  for (const [method, options, told] of cases)
    it(`${method} ${options.join(' ')}`, async () =>
      expect(await refused(method, path, ...options)).toContain(told))
  it('correlate says so of the pair and goes on', async () => {
    const { result } = await json('correlate', path, '--x', 'score', '--o', 'left,id')
    expect(result.pairs.map(({ kind, n }: { kind: string; n: number }) => [kind, n])).toEqual([
      ['number by two classes', 50_001],
      ['too many categories', 50_001],
    ])
  })
})

describe('targets of weight', () => {
  const path = file(
    'answers.csv',
    `sex,age,score\n${rowsOf(40, (i) => `${i % 3 ? 'f' : 'm'},${i % 4 ? 'young' : 'old'},${i % 11}`)}\n`,
  )
  const sex = ['--margin', 'sex=f:0.5,m:0.5']
  const cases: readonly (readonly [readonly string[], string])[] = [
    [[...sex, '--margin', 'sex=f:0.4,m:0.6'], '"sex" has targets twice; give it all its categories in one'],
    [['--margin', 'sex=f:0.3,m:0.4,f:0.3'], '"sex" has the category "f" twice'],
    [['--margin', 'sex=f:0.5,m:0.6'], 'the shares of "sex" add up to 1.1, not to 1 or 100 %: f 0.5, m 0.6'],
    [['--margin', 'sex=f:51,m:59'], 'the shares of "sex" add up to 110, not to 1 or 100 %: f 51, m 59'],
    [
      ['--margin', 'sexx=f:0.5,m:0.5'],
      'there is no column "sexx" (did you mean sex?); the file has sex, age, score',
    ],
    [['--margin', 'sex=f:0.5,m:half'], '--margin sex: "m:half" is not CATEGORY:SHARE'],
  ]
  for (const [options, told] of cases)
    it(options.join(' '), async () => expect(await refused('weight', path, ...options)).toBe(told))
  it('refuses the same in a file of targets', async () => {
    const targets = file('targets.csv', 'variable,category,share\nsex,f,0.5\nsex,m,0.3\nsex,f,0.2\n')
    expect(await refused('weight', path, '--targets', targets)).toBe('"sex" has the category "f" twice')
  })
  it('tells for which column a margin in other letters was taken', async () => {
    const told = ['"Sex" is taken for the column "sex".', '"AGE" is taken for the column "age".']
    const margin = await json('weight', path, '--margin', 'Sex=f:0.5,m:0.5', '--margin', 'AGE=young:1,old:0')
    expect(margin.conventions).toEqual(expect.arrayContaining(told))
    const cells = 'f/young:0.3,m/young:0.3,f/old:0.2,m/old:0.2'
    expect((await json('weight', path, '--margin', `Sex+AGE=${cells}`)).conventions).toEqual(
      expect.arrayContaining(told),
    )
    const targets = file('other.csv', 'variable,category,share\nSex,f,0.5\nSex,m,0.5\n')
    expect((await json('weight', path, '--targets', targets)).conventions).toContain(told[0])
    const plus = file('plus.csv', `a+b,score\n${rowsOf(20, (i) => `${i % 2},${i % 11}`)}\n`)
    expect((await json('weight', plus, '--margin', 'a+b=0:0.4,1:0.6')).result.margins[0].name).toBe('a+b')
  })
  it('takes rounded shares, per cent and counts, and names a category without answers', async () => {
    for (const margin of ['sex=f:0.33,m:0.66', 'sex=f:33,m:67', 'sex=f:5100,m:4900'])
      await json('weight', path, '--margin', margin)
    const { result } = await json('weight', path, '--margin', 'sex=f:0.5,m:0.4,x:0.1')
    expect(result.detail ?? JSON.stringify(result)).toContain('sex x has a target but no answers')
  })
})
