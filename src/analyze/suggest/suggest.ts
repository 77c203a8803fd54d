// For: which methods fit a file.
// In: its columns with what each is taken for. Out: methods with their options, those that tell most first.
// Roles say what each column may serve for; the files of this folder each ask one kind of question of them.
import { type Guessed, namesCount, namesQuestion } from '../columns/kind.ts'
import { isOpenAtEnd, openEnd } from '../columns/missing-codes.ts'
import { columnsNamed } from '../options/column-use.ts'
import { asTyped } from '../output/typed.ts'
import { ofCustomers } from './customers.ts'
import { asked, least, named, Roles, type Suggestion, valued } from './roles.ts'
import { hasShare, isBreakdown, ofScores } from './scores.ts'
import { ofTime } from './series.ts'

/** The methods that fit a file with these columns, those that tell most first. */
export function suggest(columns: readonly Guessed[]): Suggestion[] {
  const file = new Roles(columns)
  return [
    ...ofScores(file),
    ...ofRelations(file).map((one) => withoutCodes(one, file)),
    ...ofNumbers(file),
    ...ofTime(file),
    ...ofCustomers(file),
    ...ofWords(file),
    ...ofRaters(file),
    ...ofSample(file),
  ]
}

// Relations of an outcome with what may be codes for no answer at its end are shown without them, and not run.
function withoutCodes(one: Suggestion, { outcome, scales }: Roles): Suggestion {
  if (!outcome || !isOpenAtEnd(outcome.profile)) return one
  const used = columnsNamed(
    one.options,
    scales.map(({ profile }) => profile.name),
  )
  const open = scales.filter(({ profile }) => used.has(profile.name) && isOpenAtEnd(profile))
  const codes = new Set(open.flatMap(({ profile }) => openEnd(profile)?.codes ?? []))
  return {
    ...one,
    answers: `${one.answers} (if ${[...codes].join(', ')} ${codes.size === 1 ? 'is' : 'are'} no answer)`,
    options: [
      ...open.flatMap(({ profile }) =>
        valued('blank', `${profile.name}=${openEnd(profile)?.codes.join(',') ?? ''}`),
      ),
      ...one.options,
    ],
    assumes: true,
  }
}

function ofRelations(file: Roles): Suggestion[] {
  const { outcome, drivers, groups } = file
  if (!outcome || drivers.length + groups.length === 0) return []
  // By a single category the score itself is told.
  if (drivers.length === 0 && groups.length === 1 && groups.every(isBreakdown) && hasShare(outcome)) return []
  const name = outcome.profile.name
  const others = file.scales.filter(
    (column) => column !== outcome && column.profile.whole && !isOpenAtEnd(column.profile),
  )
  // Low and high marks are one pair for all: parts asked on other points stay out.
  const alike = onSamePoints(others)
  const marks = marksOf(alike)
  // A 0 beside answers from 1 on is a code for no answer as often as not: the method refuses it.
  const coded = alike.filter(({ profile }) => profile.range!.low >= (marks.includes('0-4') ? 0 : 1))
  const parts = coded.map(({ profile }) => profile.name).slice(0, MOST_PARTS)
  const rows = Math.min(
    outcome.profile.present,
    ...file.columns
      .filter(({ profile }) => drivers.includes(profile.name))
      .map(({ profile }) => profile.present),
  )
  return [
    ...ofDrivers(file, name, drivers, rows),
    ...(parts.length >= 1
      ? [
          {
            method: 'penalty-reward',
            answers: `What is expected, and what delights?${partsLeft(parts.length, alike.length, others.length)}`,
            options: [...valued('outcome', name), ...named('drivers', parts), ...marks],
          },
        ]
      : []),
    {
      method: 'correlate',
      answers: `What goes together with ${asked(name)}?${file.driversLeft}`,
      options: [
        ...valued('x', name),
        ...named('o', [...drivers, ...groups.map(({ profile }) => profile.name)].slice(0, 20)),
      ],
    },
  ]
}

const MOST_PARTS = 30

function partsLeft(parts: number, alike: number, all: number): string {
  if (parts === all) return ''
  return alike === all
    ? ` (the first ${parts} of ${all} columns)`
    : ` (${parts} of ${all} columns, asked on the same points)`
}

// Of scales of five points and of ten those that are more; the first ones where they are as many.
function onSamePoints(scales: readonly Guessed[]): readonly Guessed[] {
  const byPoints = new Map<number, Guessed[]>()
  for (const column of scales) {
    const high = column.profile.range?.high ?? 5
    const points = [5, 6, 7].find((end) => high <= end) ?? 10
    byPoints.set(points, [...(byPoints.get(points) ?? []), column])
  }
  return [...byPoints.values()].reduce((most, own) => (own.length > most.length ? own : most), [])
}

// With few rows the shares say little: shown with what it takes to have them all the same, and not run.
function ofDrivers(file: Roles, name: string, drivers: readonly string[], rows: number): Suggestion[] {
  const usual = Math.max(100, 15 * drivers.length)
  if (drivers.length < 2 || rows < 2 * drivers.length + 2) return []
  const few = rows < usual
  const answers = `What goes with ${asked(name)} most?${file.driversLeft}`
  const options = [...valued('outcome', name), ...named('drivers', drivers)]
  return [
    few
      ? {
          method: 'drivers',
          answers: `${answers} (${rows} rows are few: ${usual} are asked for, and --min-n takes fewer)`,
          options: [...options, '--min-n', String(rows)],
          assumes: true,
        }
      : { method: 'drivers', answers, options },
  ]
}

// Without an answer on a scale: what goes with a column that is named as a question, else everything with everything.
function ofNumbers(file: Roles): Suggestion[] {
  const { outcome, scales, numbers, groups } = file
  if (outcome || isTableOfCounts(file)) return []
  const varied = [...scales, ...numbers].filter(({ profile }) => (profile.range?.sd ?? 0) > 0)
  const question = scales.length > 0 ? undefined : varied.find(({ profile }) => namesQuestion(profile.name))
  if (question) {
    const others = [...varied, ...groups].filter((column) => column !== question).slice(0, 20)
    if (others.length === 0) return []
    const name = question.profile.name
    const columns = others.map(({ profile }) => profile.name)
    return [
      {
        method: 'correlate',
        answers: `What goes together with ${asked(name)}?`,
        options: [...valued('x', name), ...named('o', columns)],
      },
    ]
  }
  const all = [...varied, ...groups].map(({ profile }) => profile.name)
  if (all.length < 2) return []
  const shown = all.slice(0, MOST_TOGETHER)
  const left = shown.length < all.length ? ` (the first ${shown.length} of ${all.length} columns)` : ''
  return [
    {
      method: 'correlate',
      answers: `What goes together?${left}`,
      options: named('x', shown),
    },
  ]
}

const MOST_TOGETHER = 12

/** Whether each row is a cell of a cross table with its count, and not a case. */
export function isTableOfCounts({ columns }: Pick<Roles, 'columns'>): boolean {
  const counted = columns.filter(({ profile }) => namesCount(profile.name) && profile.whole)
  const others = columns.filter((column) => !counted.includes(column))
  const rows = Math.max(...columns.map(({ profile }) => profile.present))
  const cells = others.reduce((product, { profile }) => product * profile.distinct, 1)
  return (
    counted.length === 1 &&
    others.length >= 2 &&
    others.every(({ guess }) => guess.kind === 'category') &&
    rows <= cells
  )
}

function ofRaters({ raters }: Roles): Suggestion[] {
  if (raters.length < 2) return []
  const options = named(
    'raters',
    raters.map(({ profile }) => profile.name),
  )
  return [{ method: 'agreement', answers: 'Do the raters agree?', options }]
}

// Whom the answers should stand for is not in the file: the shares shown are those that it has.
function ofSample({ outcome, groups }: Roles): Suggestion[] {
  if (outcome?.guess.metric !== 'nps') return []
  const people = groups.filter(
    ({ profile }) =>
      PEOPLE.test(profile.name) &&
      profile.distinct <= 12 &&
      !/[+=]/.test(profile.name) &&
      profile.values.every(({ value }) => !/[,:/+]/.test(value)),
  )
  if (people.length === 0) return []
  const margins = people.slice(0, 3).flatMap(({ profile }) => {
    const shares = profile.values.map(({ value, n }) => `${value.trim()}:${(n / profile.present).toFixed(3)}`)
    return valued('margin', `${profile.name}=${shares.join(',')}`)
  })
  return [
    {
      method: 'weight',
      answers:
        'What would all customers say? (put their shares after --margin, in place of those of the file)',
      options: [...margins, ...valued('score', outcome.profile.name)],
      assumes: true,
    },
  ]
}

const PEOPLE =
  /sex|gender|(^|[_\s-])age|age_?(group|band)|region|country|segment|income|education|kön|ålder|alder|kjønn|geschlecht|alter|åldersgrupp/i

function ofWords(file: Roles): Suggestion[] {
  const text = file.texts.toSorted((a, b) => b.profile.meanLength - a.profile.meanLength)[0]
  if (!text || !file.outcome) return []
  return [
    {
      method: 'words',
      answers: `Which words go with good and with bad answers?`,
      options: [
        ...valued('text', text.profile.name),
        ...valued('score', file.outcome.profile.name),
        ...sidesOf(file.outcome),
      ],
    },
  ].map((one) => withoutCodes(one, file))
}

// Low and high marks of attributes that were asked on more than five points.
function marksOf(scales: readonly Guessed[]): string[] {
  const high = Math.max(...scales.map(({ profile }) => profile.range?.high ?? 5))
  if (high <= 5) return []
  if (high === 6) return ['--low', '1-2', '--high', '5-6']
  return high <= 7 ? ['--low', '1-2', '--high', '6-7'] : ['--low', '0-4', '--high', '9-10']
}

// Low and high answers on the scale that was used; the command's own standard is that of NPS.
function sidesOf({ guess, profile }: Guessed): string[] {
  if (guess.metric === 'nps') return []
  const high = profile.range?.high ?? 5
  if (high > 7) return ['--low', '4', '--high', '9']
  return high > 5 ? ['--low', '3', '--high', '5'] : ['--low', '2', '--high', '4']
}

/** The command line of a suggestion, quoted where a shell needs it.
 * @param reading options on how the file is read
 */
export function commandLine(
  file: string,
  { method, options }: Pick<Suggestion, 'method' | 'options'>,
  reading: readonly string[] = [],
): string {
  return ['samklang', 'analyze', method, file, ...reading, ...options].map(asTyped).join(' ')
}

/** Why nothing is suggested, or nothing could be said: too few rows, no fitting columns, or a choice that only the
 * reader can make. */
export function whyNothing(
  columns: readonly Guessed[],
  rows: number,
  suggested: readonly Suggestion[],
): string {
  const most = Math.max(0, ...columns.map(({ profile }) => profile.present))
  if (rows === 0) return 'No method can say anything: the file has no rows.'
  if (most < least)
    return `No method can say anything: there are too few rows, at least ${least} with values are needed and this file has ${most}.`
  if (suggested.length > 0 && suggested.every(({ assumes }) => assumes))
    return 'Nothing is said by itself: what fits this file rests on something that only you know, and the lines below name it.'
  if (suggested.length > 0)
    return 'Methods fit this file, but what it holds is not enough for a sentence: too few rows, or values that do not differ.'
  if (isTableOfCounts({ columns }))
    return 'Each row is a cell of a table with its count, and the methods take a row for one case: write each row as often as it counts.'
  return 'No method fits this file by itself: it has no answers on a scale, no two columns to compare, and no number with a date.'
}
