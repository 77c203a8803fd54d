// For: the rules of praise and criticism: conditions that can be judged, people there are, criticism kept from the one
// it is about. In: a document of the right form. Out: faults, reported with the path where they stand.
import { isDate } from '../base/clock.ts'
import type { ExpressionChecker } from './expressions.ts'
import { repeated } from './meaning-data.ts'
import { isZone } from './meaning-hours.ts'
import { answerChecker, checkWho } from './meaning-recovery.ts'
import type { Program } from './schema.ts'
import type { NotifyPolicy, ProgramDigest } from './schema-notify.ts'
import type { Report } from './shape.ts'
import type { Path } from './source.ts'

export function checkNotify(program: Program, context: ExpressionChecker, report: Report): void {
  const { notify } = program
  if (!notify) return
  const checker = answerChecker(program, context)
  for (const kind of ['praise', 'criticism'] as const) {
    const told = notify[kind]
    if (!told) continue
    const problem = checker.problem(told.when, 'boolean')
    if (problem) report(['notify', kind, 'when'], problem.message, 'value', problem.offset)
    for (const [index, who] of (told.to ?? []).entries()) {
      const here = ['notify', kind, 'to', index]
      if (who === 'employee' && kind === 'criticism')
        report(here, 'criticism never goes to the employee it is about; name the manager: employeeManager')
      else if (who.startsWith('roundRobin.'))
        report(here, 'praise and criticism are told to all that are meant, not in turns; use function.<name>')
      else if (!who.startsWith('channel.')) checkWho(program, who, here, report)
    }
  }
  checkPraiseFirst(notify, report)
  checkQuietHours(notify, report)
  const digests = notify.digests ?? []
  repeated(
    digests.map(({ id }) => id),
    (index, id) => report(['notify', 'digests', index, 'id'], `the digest "${id}" stands twice`),
  )
  for (const [index, digest] of digests.entries())
    checkDigest(program, digest, ['notify', 'digests', index], report)
}

/** The chat channels that the program tells, each where it stands. They are made in a workspace's settings, so that a
 * program alone cannot know whether there are such.
 */
export function namedChannels({ notify }: Program): Array<{ name: string; path: Path }> {
  return (['praise', 'criticism'] as const).flatMap((kind) =>
    (notify?.[kind]?.to ?? []).flatMap((who, index) =>
      who.startsWith('channel.')
        ? [{ name: who.slice('channel.'.length), path: ['notify', kind, 'to', index] }]
        : [],
    ),
  )
}

function checkPraiseFirst({ praiseFirst, praise, criticism }: NotifyPolicy, report: Report): void {
  if (!praiseFirst) return
  const { until } = praiseFirst
  if (until !== 'released' && !isDate(until))
    report(['notify', 'praiseFirst', 'until'], `there is no day ${until}`)
  if (!praise || !criticism)
    report(
      ['notify', 'praiseFirst'],
      `"${praise ? 'criticism' : 'praise'}" is missing: without it nothing comes first`,
      'key',
    )
}

function checkQuietHours({ quietHours }: NotifyPolicy, report: Report): void {
  if (!quietHours) return
  const path: Path = ['notify', 'quietHours']
  const { from, to, days = [], zones = {} } = quietHours
  if (from === to) report([...path, 'to'], 'the quiet hours end when they begin')
  if (new Set(days).size === 7)
    report([...path, 'days'], 'if every day is quiet from morning to night, nobody is ever told', 'key')
  for (const [language, zone] of Object.entries(zones))
    if (!isZone(zone))
      report(
        [...path, 'zones', language],
        `expected an IANA time zone, such as Europe/Stockholm; found "${zone.slice(0, 60)}"`,
      )
}

function checkDigest(program: Program, digest: ProgramDigest, path: Path, report: Report): void {
  if (digest.on !== undefined && digest.every !== 'week')
    report([...path, 'on'], `only a weekly digest has a day of the week; this comes every ${digest.every}`)
  if (digest.dayOfMonth !== undefined && digest.every !== 'month')
    report(
      [...path, 'dayOfMonth'],
      `only a monthly digest has a day of the month; this comes every ${digest.every}`,
    )
  for (const [index, who] of digest.to.entries()) {
    const here = [...path, 'to', index]
    if (['accountOwner', 'managerAbove'].includes(who) || who.startsWith('roundRobin.'))
      report(
        here,
        `${who} is about one answer; a digest goes to employee, unitManager, function.<name> or person.<key>`,
      )
    else checkWho(program, who, here, report)
  }
}
