import type { Guessed } from '../columns/kind.ts'
import { isOpenScale, openEnd } from '../columns/missing-codes.ts'
import type { ColumnProfile } from '../columns/profile.ts'
import { asked, type Roles, type Suggestion, valued } from './roles.ts'

/** What each scale says, by the first category; and what asks about the whole by each of the others, not run. */
export function ofScores(file: Roles): Suggestion[] {
  const [group, ...others] = file.groups.filter(isBreakdown)
  const scored = file.scales.filter(hasShare)
  // What asks about the whole comes first.
  const ordered = scored.toSorted((a, b) => Number(b === file.outcome) - Number(a === file.outcome))
  const [first] = ordered
  // Which of several categories tells most is what goes together with the outcome; here each has its command.
  const further = first
    ? others.slice(0, MOST_FURTHER).flatMap((other) => {
        const [plain] = ofScore(first, other).filter(({ assumes }) => !assumes)
        return plain ? [{ ...plain, furthers: `${asked(first.profile.name)}, by other categories` }] : []
      })
    : []
  return [...ordered.flatMap((column) => ofScore(column, group)), ...further]
}

const MOST_FURTHER = 6

/** Whether a score method tells it: what is asked from 0 and is no NPS, or in half points, has no
 * top two points by custom; its mean is told. */
export const hasShare = ({ profile, guess }: Guessed) =>
  profile.whole && (guess.metric === 'nps' || profile.range!.low > 0 || isOpenScale(profile))

/** Whether a category has few enough groups to tell a score by. */
export const isBreakdown = ({ profile }: Guessed) => profile.distinct <= 12

function ofScore({ profile, guess }: Guessed, group: Guessed | undefined): Suggestion[] {
  const by = group ? valued('by', group.profile.name) : []
  const whose = group ? `, by ${asked(group.profile.name)}` : ''
  const score = valued('score', profile.name)
  const name = asked(profile.name)
  const column = profile.name
  if (guess.metric === 'nps')
    return [
      {
        method: 'nps',
        answers: `Who recommends us (${name})${whose}?`,
        options: [...score, ...by],
        column,
      },
    ]
  if (guess.metric === 'ces')
    return [
      { method: 'ces', answers: `How easy is it (${name})${whose}?`, options: [...score, ...by], column },
    ]
  const answers =
    guess.metric === 'csat' ? `How many are satisfied (${name})${whose}?` : `How high is ${name}${whose}?`
  // A bare score of seven points is as likely agreement that it was easy; only the reader knows.
  const easy = profile.range!.high === 7 && BARE.test(profile.name)
  const isOpen = isOpenScale(profile)
  const high = profile.range!.high
  // Where nobody gave 9 or 10 there are hardly ten points.
  const end = isOpen ? openEnd(profile) : undefined
  const points = high > 7 ? 10 : high
  return [
    ...((high === 8 || profile.range!.low === 0) && end
      ? []
      : [
          {
            method: 'csat',
            answers: isOpen ? `${answers} (if it has ${points} points)` : answers,
            options: [...score, ...pointsOf(profile), ...by],
            column,
            ...(isOpen && { assumes: true as const }),
          },
        ]),
    ...(end
      ? [
          {
            method: 'csat',
            answers: `${answers} (if ${end.codes.join(', ')} ${end.codes.length === 1 ? 'is' : 'are'} no answer)`,
            options: [
              ...valued('blank', `${column}=${end.codes.join(',')}`),
              ...score,
              ...(end.high === 5 ? [] : ['--points', String(end.high)]),
              ...by,
            ],
            column,
            assumes: true as const,
          },
        ]
      : []),
    ...(easy
      ? [
          {
            method: 'ces',
            answers: `How easy is it${whose}? (if ${name} is agreement, 1 to 7, that it was made easy)`,
            options: [...score, ...by],
            assumes: true as const,
          },
        ]
      : []),
  ]
}

const BARE = /^(score|rating|answer|mark|value|svar|betyg|poäng|karakter)$/i

// Five points are the command's own standard. Where many answered and nobody above 3, 4 or 6 the scale ends there; two
// of three points would be nearly all.
function pointsOf({ range, present, name, points, worded, distinct }: ColumnProfile): string[] {
  if (points !== undefined)
    return points === 5
      ? []
      : ['--points', String(points), ...(points <= 3 ? ['--top', '1', '--bottom', '1'] : [])]
  const high = range?.high ?? 5
  if (high === 4 && worded === present && distinct === high && range?.low === 1) return ['--points', '4']
  if (high === 5 || present < MANY) return high <= 5 ? [] : ['--points', high <= 7 ? '7' : '10']
  if (high <= 3)
    return /csat|stars?/i.test(name)
      ? []
      : ['--points', String(Math.max(3, high)), '--top', '1', '--bottom', '1']
  return ['--points', high <= 7 ? String(high) : '10']
}

const MANY = 100
