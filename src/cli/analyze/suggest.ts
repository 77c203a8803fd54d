import { namesQuestion } from './column-kind.ts'
import type { ColumnProfile } from './column-profile.ts'
import { periodFor } from './period-choice.ts'
import { ofCustomers } from './suggest-customers.ts'
import type { Suggestion } from './suggest-roles.ts'
import { type Guessed, least, names, Roles } from './suggest-roles.ts'

export type { Guessed, Suggestion } from './suggest-roles.ts'

/** The methods that fit a file with these columns, those that tell most first. */
export function suggest(columns: readonly Guessed[]): Suggestion[] {
  const file = new Roles(columns)
  return [
    ...ofScores(file),
    ...ofRelations(file),
    ...ofNumbers(file),
    ...ofTime(file),
    ...ofCustomers(file),
    ...ofWords(file),
    ...ofRaters(file),
  ]
}

function ofScores(file: Roles): Suggestion[] {
  const group = file.groups.find(({ profile }) => profile.distinct <= 12)?.profile.name
  const by = group ? ['--by', group] : []
  return file.scales.flatMap(({ profile, guess }): Suggestion[] => {
    if (guess.metric === 'nps')
      return [
        {
          method: 'nps',
          answers: `Who recommends us${group ? `, by ${group}` : ''}?`,
          options: ['--score', profile.name, ...by],
        },
      ]
    if (guess.metric === 'ces')
      return [
        {
          method: 'ces',
          answers: `How easy is it${group ? `, by ${group}` : ''}?`,
          options: ['--score', profile.name, ...by],
        },
      ]
    return [
      {
        method: 'csat',
        answers: `How many are satisfied (${profile.name})${group ? `, by ${group}` : ''}?`,
        options: ['--score', profile.name, ...pointsOf(profile), ...by],
      },
    ]
  })
}

function ofRelations(file: Roles): Suggestion[] {
  const { outcome, drivers } = file
  if (!outcome || drivers.length === 0) return []
  const name = outcome.profile.name
  const asked = file.scales.filter((column) => column !== outcome).map(({ profile }) => profile.name)
  const rows = Math.min(
    outcome.profile.present,
    ...file.columns
      .filter(({ profile }) => drivers.includes(profile.name))
      .map(({ profile }) => profile.present),
  )
  return [
    ...(drivers.length >= 2 && rows >= Math.max(100, 15 * drivers.length)
      ? [
          {
            method: 'drivers',
            answers: `What goes with ${name} most?${file.driversLeft}`,
            options: ['--outcome', name, '--drivers', names(drivers)],
          },
        ]
      : []),
    ...(asked.length >= 1
      ? [
          {
            method: 'penalty-reward',
            answers: `What is expected, and what delights?`,
            options: [
              '--outcome',
              name,
              '--drivers',
              names(asked),
              ...marksOf(file.scales.filter((column) => column !== outcome)),
            ],
          },
        ]
      : []),
    {
      method: 'correlate',
      answers: `What goes together with ${name}?${file.driversLeft}`,
      options: [
        '--x',
        name,
        '--o',
        names([...drivers, ...file.groups.map(({ profile }) => profile.name)].slice(0, 20)),
      ],
    },
  ]
}

// Without an answer on a scale: what goes with a column that is named as a question, else everything with everything.
function ofNumbers({ outcome, numbers, groups }: Roles): Suggestion[] {
  if (outcome) return []
  const varied = numbers.filter(({ profile }) => (profile.range?.sd ?? 0) > 0)
  const asked = varied.find(({ profile }) => namesQuestion(profile.name))
  if (asked) {
    const others = [...varied, ...groups].filter((column) => column !== asked).slice(0, 20)
    if (others.length === 0) return []
    const name = asked.profile.name
    const with_ = names(others.map(({ profile }) => profile.name))
    return [
      {
        method: 'correlate',
        answers: `What goes together with ${name}?`,
        options: ['--x', name, '--o', with_],
      },
    ]
  }
  const all = names([...varied, ...groups].slice(0, 8).map(({ profile }) => profile.name))
  if (varied.length + groups.length < 2) return []
  return [{ method: 'correlate', answers: 'What goes together?', options: ['--x', all, '--o', all] }]
}

function ofTime(file: Roles): Suggestion[] {
  const measured = file.outcome ?? file.numbers[0]
  if (!file.date || !measured) return []
  const period = periodFor(file.date.profile)
  const value = [
    measured.guess.metric === 'nps' ? '--score' : '--value',
    measured.profile.name,
    ...file.dateOptions,
    '--period',
    period,
  ]
  return [
    { method: 'trend', answers: `Has ${measured.profile.name} changed, and when?`, options: value },
    {
      method: 'forecast',
      answers: `Where is ${measured.profile.name} going?`,
      options: [...value, '--gaps', 'linear', '--ends', '0.1'],
    },
  ]
}

function ofRaters({ raters }: Roles): Suggestion[] {
  if (raters.length < 2) return []
  const options = ['--raters', names(raters.map(({ profile }) => profile.name))]
  return [{ method: 'agreement', answers: 'Do the raters agree?', options }]
}

function ofWords(file: Roles): Suggestion[] {
  const text = file.texts.toSorted((a, b) => b.profile.meanLength - a.profile.meanLength)[0]
  if (!text || !file.outcome) return []
  return [
    {
      method: 'words',
      answers: `Which words go with good and with bad answers?`,
      options: ['--text', text.profile.name, '--score', file.outcome.profile.name, ...sidesOf(file.outcome)],
    },
  ]
}

// Five points are the command's own standard.
function pointsOf({ range }: ColumnProfile): string[] {
  const high = range?.high ?? 5
  if (high <= 5) return []
  return ['--points', high <= 7 ? String(high) : '10']
}

// Low and high marks of attributes that were asked on more than five points.
function marksOf(scales: readonly Guessed[]): string[] {
  const high = Math.max(...scales.map(({ profile }) => profile.range?.high ?? 5))
  if (high <= 5) return []
  return high <= 7 ? ['--low', '1-2', '--high', '6-7'] : ['--low', '0-4', '--high', '9-10']
}

// Low and high answers on the scale that was used; the command's own standard is that of NPS.
function sidesOf({ guess, profile }: Guessed): string[] {
  if (guess.metric === 'nps') return []
  return (profile.range?.high ?? 5) > 5 ? ['--low', '3', '--high', '5'] : ['--low', '2', '--high', '4']
}

/** The command line of a suggestion, quoted where a shell needs it. */
export function commandLine(file: string, { method, options }: Suggestion): string {
  const quote = (word: string) =>
    /^[\w.,:=/@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
  return ['samklang', 'analyze', method, file, ...options].map(quote).join(' ')
}

/** Why nothing is suggested, or nothing could be said: too few rows, or no fitting columns. */
export function whyNothing(columns: readonly Guessed[], rows: number, suggested: number): string {
  const most = Math.max(0, ...columns.map(({ profile }) => profile.present))
  if (rows === 0) return 'No method can say anything: the file has no rows.'
  if (most < least)
    return `No method can say anything: there are too few rows, at least ${least} with values are needed and this file has ${most}.`
  if (suggested > 0)
    return 'Methods fit this file, but what it holds is not enough for a sentence: too few rows, or values that do not differ.'
  return 'No method fits this file by itself: it has no scale, and no number with a date.'
}
