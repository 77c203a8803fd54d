import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { analyze } from '../../src/analyze/command/command.ts'
import { expectAllClose, expectClose, reference } from '../stats/reference.ts'

// Files made from the data of test/reference, so that the whole way from cells to figures is held against R.
const folder = mkdtempSync(join(tmpdir(), 'samklang-methods-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function csv(name: string, columns: Record<string, readonly (string | number)[]>): string {
  const names = Object.keys(columns)
  const rows = columns[names[0]!]!.map((_, i) => names.map((column) => columns[column]![i]).join(','))
  const path = join(folder, `${name}.csv`)
  writeFileSync(path, `${names.join(',')}\n${rows.join('\n')}\n`)
  return path
}

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

async function answer(...argv: string[]) {
  const { out, err } = await run(...argv, '--json')
  expect(err).toBe('')
  return JSON.parse(out)
}

const month = (i: number) => `${2020 + Math.floor(i / 12)}-${String((i % 12) + 1).padStart(2, '0')}`

describe('trend', () => {
  const stored = reference<{
    nile: { values: number[]; mk: Record<string, number>; sen: Record<string, number> }
    cusum: { alarms: number[] }
    nps: Record<string, (number | null)[]>
  }>('trend')
  it('tests a column and draws its charts', async () => {
    const path = csv('nile', { flow: stored.nile.values })
    const { result } = await answer('trend', path, '--value', 'flow', '--baseline', '20')
    for (const key of ['s', 'z', 'p', 'tau'])
      expectClose(result.mannKendall[key], stored.nile.mk[key]!, 1e-10)
    expectClose(result.theilSen.slope, stored.nile.sen.slope!, 1e-10)
    expect(result.charts.cusum.alarms.map(({ index }: { index: number }) => index + 1)).toEqual(
      stored.cusum.alarms,
    )
    expect(
      result.alarms.every(({ chart }: { chart: string }) =>
        ['individuals', 'moving range', 'ewma', 'cusum'].includes(chart),
      ),
    ).toBe(true)
  })
  it('makes NPS a period from answers as from counts', async () => {
    const { promoters, detractors, n } = stored.nps as Record<string, number[]>
    const counts = csv('counts', {
      month: n!.map((_, i) => month(i)),
      promoters: promoters!,
      detractors: detractors!,
      n: n!,
    })
    const answers = n!.flatMap((size, i) =>
      Array.from({ length: size }, (_, k) => [
        month(i),
        k < promoters![i]! ? 10 : k < promoters![i]! + detractors![i]! ? 2 : 7,
      ]),
    )
    const single = csv('answers', {
      when: answers.map(([when]) => `${when}-15`),
      score: answers.map(([, score]) => score!),
    })
    const options = ['--period', 'month']
    const a = await answer(
      'trend',
      counts,
      '--promoters',
      'promoters',
      '--detractors',
      'detractors',
      '--n',
      'n',
      '--date',
      'month',
      ...options,
    )
    const b = await answer('trend', single, '--score', 'score', '--date', 'when', ...options)
    // The month without answers has a row of zeros in one file, and no row in the other.
    expect(a.result.charts.nps.points[4].value).toBeNull()
    const present = (points: { value: number | null }[]) => points.filter(({ value }) => value !== null)
    expect(present(a.result.charts.nps.points)).toEqual(b.result.charts.nps.points)
    expectAllClose(
      present(a.result.charts.nps.points).map(({ value }) => value),
      stored.nps.value!.filter((value) => value !== null),
      1e-12,
    )
    expect(a.result.theilSen).toEqual(b.result.theilSen)
  })
  it('takes given centre, sigma and limits', async () => {
    const path = csv('given', { x: [10, 13, 14, 9] })
    const { result } = await answer(
      'trend',
      path,
      '--value',
      'x',
      '--center',
      '10',
      '--sigma',
      '1',
      '--charts',
      'individuals,cusum',
      '--h',
      '4',
    )
    expect(result.alarms).toMatchObject([
      { chart: 'individuals', period: '3', side: 'above', limit: 13 },
      { chart: 'cusum', period: '3', value: 6, since: '2' },
      { chart: 'moving range', period: '4', value: 5 },
      { chart: 'cusum', period: '4', since: '2' },
    ])
    expect((await run('trend', path, '--value', 'x', '--charts', 'nps')).err).toContain(
      '--charts takes individuals',
    )
  })
})

describe('forecast', () => {
  const stored = reference<{
    series: Record<string, number[]>
    given: Record<string, { forecast: number[]; upper: number[]; sse: number }>
    naive: { mase: number; forecast: number[] }
  }>('forecast')
  const quarters = stored.series.quarter!
  const path = csv('quarters', {
    date: quarters.map((_, i) => `${2020 + (i >> 2)}-0${1 + 3 * (i % 4)}`.replace('-010', '-10')),
    orders: quarters,
  })
  it('repeats R HoltWinters with given weights', async () => {
    const { result } = await answer(
      'forecast',
      path,
      '--value',
      'orders',
      '--date',
      'date',
      '--period',
      'quarter',
      '--model',
      'additive',
      '--alpha',
      '0.4',
      '--beta',
      '0.2',
      '--gamma',
      '0.3',
      '--horizon',
      '9',
      '--level',
      '0.9',
    )
    const expected = stored.given.additive!
    expectAllClose(
      result.forecast.map(({ value }: { value: number }) => value),
      expected.forecast,
      1e-10,
    )
    expectAllClose(
      result.forecast.map(({ high }: { high: number }) => high),
      expected.upper,
      1e-10,
    )
    expect(result.forecast[0].period).toBe('2025-Q1')
    expect(result.models[0].fit.startIs).toBe('heuristic')
  })
  it('repeats it with the start values given as well', async () => {
    const fit = (
      await answer(
        'forecast',
        path,
        '--value',
        'orders',
        '--season',
        '4',
        '--model',
        'additive',
        '--alpha',
        '0.4',
        '--beta',
        '0.2',
        '--gamma',
        '0.3',
      )
    ).result.models[0].fit
    const again = await answer(
      'forecast',
      path,
      '--value',
      'orders',
      '--season',
      '4',
      '--model',
      'additive',
      '--alpha',
      '0.4',
      '--beta',
      '0.2',
      '--gamma',
      '0.3',
      '--start-level',
      String(fit.start.level),
      '--start-trend',
      String(fit.start.trend),
      '--start-season',
      fit.start.season.join(','),
      '--first',
      '5',
    )
    expect(again.result.models[0].fit.startIs).toBe('given')
    expectClose(again.result.models[0].fit.sse, stored.given.additive!.sse, 1e-10)
  })
  it('tries the models and chooses by the backtest', async () => {
    const { result } = await answer(
      'forecast',
      path,
      '--value',
      'orders',
      '--season',
      '4',
      '--criterion',
      'rmse',
    )
    const errors = Object.fromEntries(
      result.models.map((one: { model: string; backtest: { accuracy: { rmse: number } } }) => [
        one.model,
        one.backtest.accuracy.rmse,
      ]),
    )
    expect(Object.keys(errors)).toEqual(['naive', 'simple', 'holt', 'additive', 'multiplicative'])
    expect(errors[result.chosen]).toBe(Math.min(...(Object.values(errors) as number[])))
    expectClose(result.models[0].accuracy.mase, stored.naive.mase, 1e-10)
  })
  it('refuses a gap unless told how to fill it', async () => {
    const gap = csv('gap', { date: ['2026-01', '2026-02', '2026-04', '2026-05'], x: [1, 2, 4, 5] })
    const options = [
      '--value',
      'x',
      '--date',
      'date',
      '--period',
      'month',
      '--model',
      'simple',
      '--alpha',
      '1',
    ]
    expect((await run('forecast', gap, ...options)).err).toContain('2026-03 has no values')
    const { result } = await answer('forecast', gap, ...options, '--gaps', 'linear')
    expect(result.series.map(({ value }: { value: number }) => value)).toEqual([1, 2, 3, 4, 5])
  })
})

describe('survival', () => {
  const stored = reference<{
    veteran: Record<string, number[]>
    lung: Record<string, number[]>
    groups: Record<string, number[]>
    logRank: { chisq: number }
    efron: { coef: number[]; se: number[] }
  }>('survival')
  it('agrees with R on groups', async () => {
    const { time, event, cell } = stored.veteran
    const path = csv('veteran', { time: time!, status: event!, cell: cell!.map((place) => `cell ${place}`) })
    const { result } = await answer(
      'survival',
      path,
      '--time',
      'time',
      '--event',
      'status',
      '--by',
      'cell',
      '--at',
      '100',
    )
    const medians = result.groups.map((group: { quantiles: { time: number }[] }) => group.quantiles[1]!.time)
    expectAllClose(medians, stored.groups.median!)
    expectAllClose(
      result.groups.map((group: { restrictedMean: { mean: number } }) => group.restrictedMean.mean),
      stored.groups.rmeanCommon!,
      1e-10,
    )
    expectClose(result.logRank.chiSquare, stored.logRank.chisq, 1e-10)
    expect(result.pairwise).toHaveLength(6)
  })
  it('has the limits of R at any time, also before the first and after the last', async () => {
    // R 4.2.2, survival 3.5-3: summary(survfit(Surv(t, e) ~ 1, conf.type = "log-log"), times = c(0, 1, 3, 6))
    const path = csv('few', { t: [1, 2, 3, 4, 5, 6], e: [0, 0, 1, 1, 0, 1] })
    const own = ['--time', 't', '--event', 'e', '--limits', 'log-log', '--at', '0,1,3,6']
    const { at } = (await answer('survival', path, ...own)).result.groups[0]
    expect(at.map(({ survival }: { survival: number }) => survival)).toEqual([1, 1, 0.75, 0])
    expect(at[0].interval).toEqual([1, 1])
    expectAllClose(at[2].interval, [0.12794692, 0.9605486], 1e-6)
    for (const place of [1, 3]) expect(at[place]).toMatchObject({ interval: null, reason: 'no variance' })
  })
  it('agrees with R on the Cox model, words for events and blanks among the covariates', async () => {
    const { time, event, age, sex, ecog } = stored.lung
    const n = time!.length
    const path = csv('lung', {
      time: [...time!, 5],
      dead: [...event!.map((flag) => (flag ? 'dead' : 'alive')), 'dead'],
      age: [...age!, ''],
      sex: [...sex!.map((code) => (code === 1 ? 'a man' : 'b woman')), 'a man'],
      ecog: [...ecog!, 1],
    })
    expect((await run('survival', path, '--time', 'time', '--event', 'dead')).err).toContain('--event-value')
    const { result, used } = await answer(
      'survival',
      path,
      '--time',
      'time',
      '--event',
      'dead',
      '--event-value',
      'dead',
      '--covariates',
      'age,sex,ecog',
    )
    expect([used, result.cox.used]).toEqual([n + 1, n])
    expect(result.cox.references).toEqual({ sex: 'a man' })
    const { coefficients } = result.cox.model
    expect(coefficients.map(({ name }: { name: string }) => name)).toEqual(['age', 'sex=b woman', 'ecog'])
    expectAllClose(
      coefficients.map(({ estimate }: { estimate: number }) => estimate),
      stored.efron.coef,
      1e-8,
    )
    expectAllClose(
      coefficients.map(({ se }: { se: number }) => se),
      stored.efron.se,
      1e-8,
    )
  })
  it('counts days between dates, those still there up to the last day', async () => {
    const path = csv('dates', {
      came: ['2026-01-01', '2026-01-11', '2026-02-01'],
      went: ['2026-01-31', '', '2026-01-15'],
    })
    const { result, dropped } = await answer(
      'survival',
      path,
      '--start',
      'came',
      '--end',
      'went',
      '--as-of',
      '2026-02-10',
    )
    expect(dropped).toEqual({ 'end before start': 1 })
    expect(
      result.groups[0].points.map(({ time, events }: { time: number; events: number }) => [time, events]),
    ).toEqual([[30, 2 - 1]])
  })
})

it('codes that are not yes or no are refused, not guessed', async () => {
  const path = csv('codes', { time: [1, 2, 3, 4], status: [1, 2, 2, 1], x: [1, 2, 3, 4] })
  for (const argv of [
    ['survival', path, '--time', 'time', '--event', 'status'],
    ['churn', path, '--outcome', 'status', '--predictors', 'x'],
  ]) {
    const { code, err } = await run(...argv)
    expect(code).toBe(2)
    expect(err).toContain(
      '"status" is not yes or no (it has "2"); say which value means yes: --event-value VALUE',
    )
    expect((await run(...argv, '--event-value', 'dead')).err).toContain('no row has "dead" in "status"')
  }
  const { result } = await answer(
    'survival',
    path,
    '--time',
    'time',
    '--event',
    'status',
    '--event-value',
    '2',
  )
  expect(result.groups[0].events).toBe(2)
  expect((await run('trend', path, '--share', 'status')).err).toContain('--yes-value')
  expect(
    (await run('initiative', path, '--outcome', 'x', '--treated', 'status', '--before', 'time')).err,
  ).toContain('--treated-value')
})

describe('churn', () => {
  const stored = reference<{ data: Record<string, number[]>; coef: number[]; auc: number; brier: number }>(
    'churn',
  )
  const { tenure, nps, plus, pro, spend, left } = stored.data
  const plan = plus!.map((flag, i) => (flag ? 'plus' : pro![i] ? 'pro' : 'basic'))
  const path = csv('churn', {
    left: left!.map((flag) => (flag ? 'yes' : 'no')),
    tenure: tenure!,
    nps: nps!,
    plan,
    spend: spend!,
  })
  it('agrees with R, a category as its levels', async () => {
    const { result } = await answer(
      'churn',
      path,
      '--outcome',
      'left',
      '--predictors',
      'tenure,nps,plan,spend',
    )
    const { coefficients } = result.model
    expect(coefficients.map(({ name }: { name: string }) => name)).toEqual([
      '(intercept)',
      'tenure',
      'nps',
      'plan=plus',
      'plan=pro',
      'spend',
    ])
    expectAllClose(
      coefficients.map(({ estimate }: { estimate: number }) => estimate),
      stored.coef,
      1e-8,
    )
    expectClose(result.auc.auc, stored.auc, 1e-10)
    expectClose(result.brier, stored.brier, 1e-10)
  })
  it('tells perfect separation and names the column', async () => {
    const apart = csv('apart', {
      gone: [0, 0, 0, 0, 1, 1, 1, 1],
      visits: [9, 8, 7, 6, 4, 3, 2, 1],
      age: [30, 50, 40, 20, 25, 45, 35, 55],
    })
    const { result } = await answer('churn', apart, '--outcome', 'gone', '--predictors', 'visits')
    expect(result.model).toBeNull()
    expect(result.reason).toBe('perfect separation')
    expect(result.detail).toContain('visits')
    expect((await run('churn', apart, '--outcome', 'gone', '--predictors', 'visits,age')).out).toContain(
      'perfect separation',
    )
  })
})

describe('initiative', () => {
  const stored = reference<{
    rows: Record<string, number[]>
    begin: number
    did: Record<string, number>
    welch: Record<string, { difference: number; p: number }>
    cuped: { theta: number; p: number }
  }>('initiative')
  const { store, period, treated, y } = stored.rows
  it('agrees with R', async () => {
    const path = csv('panel', {
      store: store!.map((code) => `s${code}`),
      month: period!.map(month),
      pilot: treated!,
      y: y!,
    })
    const { result } = await answer(
      'initiative',
      path,
      '--outcome',
      'y',
      '--treated',
      'pilot',
      '--date',
      'month',
      '--start',
      `${month(stored.begin)}-01`,
      '--cluster',
      'store',
    )
    expectClose(result.did.effect, stored.did.value!, 1e-10)
    for (const kind of ['classical', 'hc1', 'cr0', 'cr1', 'cr1s', 'cr2'])
      expectClose(result.did.errors[kind].se, stored.did[kind]!, 1e-8)
    expectClose(result.welch.post.p, stored.welch.post!.p, 1e-8)
    expectClose(result.welch.change.difference, stored.welch.change!.difference, 1e-10)
    expectClose(result.welch.clusterMeans.p, stored.welch.clusters!.p, 1e-8)
    expectClose(result.cuped.theta, stored.cuped.theta, 1e-8)
    expectClose(result.cuped.effect.p, stored.cuped.p, 1e-8)
    expect(result.eventStudy.reference).toBe(month(stored.begin - 1))
  })
  it('reads a unit a row, and cuts the period in which it began', async () => {
    const wide = csv('wide', { pre: [1, 2, 3, 4], post: [2, 4, 3, 5], arm: ['b', 'b', 'a', 'a'] })
    const { result } = await answer(
      'initiative',
      wide,
      '--outcome',
      'post',
      '--before',
      'pre',
      '--treated',
      'arm',
      '--treated-value',
      'b',
    )
    expectClose(result.did.effect, 1.5 - 0.5, 1e-12)
    const shops = csv('shops', {
      pre: [1, 2, 3, 4, 2, 3],
      post: [2, 4, 3, 5, 1, 3],
      arm: [1, 1, 0, 0, 1, 0],
      shop: ['a', 'a', 'b', 'b', 'c', 'd'],
    })
    const grouped = await answer(
      'initiative',
      shops,
      '--outcome',
      'post',
      '--before',
      'pre',
      '--treated',
      'arm',
      '--cluster',
      'shop',
    )
    // Six units change; they lie in four shops.
    expect(grouped.result.clusters).toBe(4)
    expectClose(grouped.result.welch.change.difference, (1 + 2 - 1) / 3 - (0 + 1 + 0) / 3, 1e-12)
    const days = csv('days', {
      d: ['2026-01-05', '2026-01-06', '2026-02-03', '2026-02-20'].flatMap((day) => [day, day, day, day]),
      t: Array(4).fill([0, 0, 1, 1]).flat(),
      y: Array.from({ length: 16 }, (_, i) => (i * 7) % 5),
    })
    const cut = await answer(
      'initiative',
      days,
      '--outcome',
      'y',
      '--treated',
      't',
      '--date',
      'd',
      '--start',
      '2026-02-10',
    )
    expect(cut.result.periods).toEqual(['2026-01', '2026-02 (before the start)', '2026-02'])
    expect(cut.result.begin).toBe('2026-02')
  })
})

describe('value', () => {
  it('scores customers, refunds counting for money alone and an order once', async () => {
    const path = csv('sales', {
      who: ['a', 'a', 'a', 'b', 'b', 'c', 'd'],
      when: [
        '2026-01-01',
        '2026-01-01',
        '2026-03-01',
        '2026-02-01',
        '2026-02-20',
        '2026-02-15',
        '2026-02-28',
      ],
      order: ['o1', 'o1', 'o2', 'o3', 'o4', 'o5', 'o6'],
      money: [10, 5, 20, 50, -30, 70, -5],
    })
    const { result } = await answer(
      'value',
      path,
      '--customer',
      'who',
      '--date',
      'when',
      '--amount',
      'money',
      '--order',
      'order',
    )
    expect(result.rfm).toMatchObject({ asOf: '2026-03-01', n: 3, withoutPurchase: 1, revenue: 125 })
    expect(result.rfm.customers).toMatchObject([
      { customer: 'a', recencyDays: 0, frequency: 2, monetary: 35, rfm: '442' },
      { customer: 'b', recencyDays: 28, frequency: 1, monetary: 20, rfm: '111' },
      { customer: 'c', recencyDays: 14, frequency: 1, monetary: 70, rfm: '214' },
    ])
  })
  it('sees no variance where all change alike but for rounding', async () => {
    const i = Array.from({ length: 10 }, (_, k) => k)
    const path = csv('alike', {
      treated: i.map((k) => k % 2),
      before: i.map((k) => Number((1000.1 + 0.3 * k).toFixed(1))),
      after: i.map((k) => Number((1000.1 + 0.3 * k + 0.1 * (k % 2)).toFixed(1))),
    })
    const own = ['--outcome', 'after', '--before', 'before', '--treated', 'treated']
    const { result } = await answer('initiative', path, ...own)
    expect(result.welch).toMatchObject({ change: null, reasons: { change: 'no variance' } })
  })
  it('gives one score to sums of money that are equal but for rounding', async () => {
    const paid = csv('paid', {
      who: ['a', 'a', 'b', 'c', 'c', 'c', 'd', 'e'],
      day: Array.from({ length: 8 }, () => '2026-01-01'),
      money: [0.7, 0.1, 0.8, 0.1, 0.2, 0.5, 0.1, 0.9],
    })
    const { result } = await answer('value', paid, '--customer', 'who', '--date', 'day', '--amount', 'money')
    const { customers } = result.rfm as { customers: { monetary: number; monetaryScore: number }[] }
    expect(customers.map(({ monetary }) => monetary)).toEqual([0.8, 0.8, 0.8, 0.1, 0.9])
    expect(customers.map(({ monetaryScore }) => monetaryScore)).toEqual([2, 2, 2, 1, 5])
  })
  it('fits cohorts in long and in wide files alike', async () => {
    const active = [1000, 631, 468, 382, 326, 289, 262, 241]
    const long = csv('long', { year: active.map((_, i) => i), n: active })
    const wide = csv('wide-cohort', Object.fromEntries(active.map((n, i) => [`y${i}`, [n]])))
    const a = await answer('value', long, '--active', 'n', '--renewal', 'year', '--discount', '0.1')
    const b = await answer(
      'value',
      wide,
      '--active',
      active.map((_, i) => `y${i}`).join(','),
      '--discount',
      '0.1',
    )
    expect(a.result.cohorts.fit).toEqual(b.result.cohorts.fit)
    expect(a.result.cohorts.fit.alpha.toFixed(3)).toBe('0.704')
    expect(a.result.cohorts.derl[0].derl.toFixed(2)).toBe('2.96')
  })
  it('values rows of given numbers', async () => {
    const path = csv('rates', { m: [1000, 1000], r: [0.8, 1] })
    const { result } = await answer(
      'value',
      path,
      '--margin',
      'm',
      '--retention',
      'r',
      '--discount',
      '0.1',
      '--alpha',
      '0.704',
      '--beta',
      '1.182',
    )
    expectClose(result.lifetimes[0].afterPayment, 8000 / 3, 1e-12)
    expectClose(result.lifetimes[0].paymentDue, 11000 / 3, 1e-12)
    expect((result.lifetimes[0].value / 1000).toFixed(4)).toBe('2.9647')
    const free = await answer('value', path, '--retention', 'r', '--discount', '0')
    expect(free.result.lifetimes[1]).toMatchObject({
      afterPayment: null,
      reason: expect.stringContaining('out of range'),
    })
  })
})

describe('describe', () => {
  it('guesses kinds and gives command lines that run', async () => {
    const n = 240
    const at = Array.from({ length: n }, (_, i) => i)
    const path = csv('everything', {
      customer_id: at.map((i) => `k${(i * 37) % 90}`),
      order_id: at.map((i) => `o-${i}x`),
      date: at.map(
        (i) => `2026-${String(1 + (i % 12)).padStart(2, '0')}-${String(1 + (i % 28)).padStart(2, '0')}`,
      ),
      store: at.map((i) => `store ${i % 7}`),
      nps: at.map((i) => (i * 7) % 11),
      service: at.map((i) => 1 + ((i * 3) % 5)),
      waiting: at.map((i) => ((i * 13) % 50) / 2),
      amount: at.map((i) => ((i * 29) % 100) + 0.5),
      tenure: at.map((i) => (i * 11) % 36),
      churned: at.map((i) => ['yes', 'no', 'no'][(i * 7 + (i % 5)) % 3]!),
      treated: at.map((i) => i % 2),
      post: at.map((i) => (i >> 1) % 2),
      comment: at.map(
        (i) =>
          `the ${['slow', 'kind', 'fine', 'rude'][i % 4]} staff in ${['aisle', 'till', 'yard'][i % 3]} number ${i} ${i % 3 ? 'helped' : 'left'}`,
      ),
      zip: at.map((i) => 10000 + ((i * 97) % 500)),
    })
    const { result } = await answer('describe', path)
    const kinds = Object.fromEntries(
      result.columns.map(({ name, kind }: { name: string; kind: string }) => [name, kind]),
    )
    expect(kinds).toEqual({
      customer_id: 'id',
      order_id: 'id',
      date: 'date',
      store: 'category',
      nps: 'scale',
      service: 'scale',
      waiting: 'number',
      amount: 'number',
      tenure: 'number',
      churned: 'category',
      treated: 'category',
      post: 'category',
      comment: 'text',
      zip: 'category',
    })
    const fitting = result.suggestions.map(({ method }: { method: string }) => method)
    expect(fitting).toEqual(
      expect.arrayContaining([
        'nps',
        'csat',
        'drivers',
        'correlate',
        'trend',
        'forecast',
        'survival',
        'churn',
        'initiative',
        'value',
        'words',
      ]),
    )
    for (const { method, options } of result.suggestions as { method: string; options: string[] }[]) {
      const { code, err } = await run(method, path, ...options, '--json')
      expect(err, method).toBe('')
      expect(code, method).toBe(0)
    }
  })
})
