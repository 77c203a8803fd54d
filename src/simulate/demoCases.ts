// For: the managers of the simulated company, who do their part for the unhappy.
// In: cases that were opened, in virtual time. Out: they are taken, tried, contacted, closed with cause and action, each at
// its time; what lies beyond the end of the story waits, or is under way, as it is with people.
import type { CaseAction } from '../cases/case.ts'
import type { CaseOutcome } from '../cases/standing.ts'
import { type CaseChange, changeCases } from '../cases/store.ts'
import type { ResponseChannel } from '../program/schema-recovery.ts'
import type { Programs } from '../program/store.ts'
import type { Announce } from '../storage/jobs.ts'
import type { Database, Row } from '../storage/postgres.ts'
import { seededRandom } from './random.ts'

interface OpenCase extends Row {
  caseId: string
  revision: number
  from: Date
  channel: ResponseChannel | null
  owner: string | null
  ownerName: string | null
}

/** Lets the owner of each of these cases, or the manager of its unit, handle it as far as `until`. To be called when they
 * have been told of it, before deadlines are judged.
 * @returns how many cases were acted upon
 */
export async function handleDemoCases(
  parts: { database: Database; programs: Programs; announce: Announce },
  workspaceId: string,
  caseIds: readonly string[],
  until: Date,
): Promise<number> {
  const checked = await parts.programs.active(workspaceId)
  const { causes = [], actions = [] } = checked.program.recovery ?? {}
  return parts.database.inWorkspace(workspaceId, async (tx) => {
    const cases = await tx.query<OpenCase>(
      `select c.case_id as "caseId", d.revision, coalesce(c.last_answer_at, c.opened_at) as "from",
         c.recommended as channel, coalesce(c.owner, m.employee_key) as owner, coalesce(c.owner_name, m.name) as "ownerName"
       from cases c
       join case_deadlines d on d.case_id = c.case_id
       left join units u on u.unit_key = c.unit_key
       left join lateral (
         select e.employee_key, e.name from employees e where e.role = 'manager' and e.unit_key = any(u.path)
         order by array_position(u.path, e.unit_key) desc limit 1
       ) m on true
       where c.state = 'open' and c.case_id = any($1::uuid[])
       order by 1`,
      [caseIds],
    )
    const changes = cases.flatMap((each): CaseChange[] => {
      const random = seededRandom(Number.parseInt(each.caseId.slice(0, 8), 16) ^ each.revision)
      const actor = { id: each.owner ?? 'demo', name: each.ownerName ?? 'Customer care', mandate: true }
      const pick = (list: ReadonlyArray<{ id: string }>) => list[Math.floor(random.share() * list.length)]?.id
      const deeds = deedsOf(each, random, { cause: pick(causes), action: pick(actions) })
      return deeds
        .slice(0, stepsDone(random, deeds.length, (until.getTime() - each.from.getTime()) / day))
        .filter(({ at }) => at <= until)
        .map(({ action, at }, index) => ({
          caseId: each.caseId,
          revision: each.revision + index,
          action,
          actor,
          at,
        }))
    })
    await changeCases(tx, parts, changes, { checked })
    return new Set(changes.map(({ caseId }) => caseId)).size
  })
}

const day = 24 * 3_600_000

/** Of the last weeks some wait still, some are taken, some are talked to: the demo shows each. Most of the last month wait
 * for their first contact; of the month before some were forgotten, and are overdue.
 */
function stepsDone(random: { share(): number }, all: number, days: number): number {
  if (days >= 60) return all
  const fate = random.share()
  const [waits, taken, reached] = days < 30 ? [0.65, 0.8, 0.95] : [0.35, 0.5, 0.75]
  return fate < waits ? 0 : fate < taken ? 1 : fate < reached ? all - 1 : all
}

/** What is done about one case, and when. One in nine is taken too late to be in time. */
function deedsOf(
  { from, channel }: OpenCase,
  random: { share(): number },
  found: { cause: string | undefined; action: string | undefined },
): Array<{ action: CaseAction; at: Date }> {
  const deeds: Array<{ action: CaseAction; at: Date }> = []
  let time = from.getTime()
  const then = (hours: number, action: CaseAction) => {
    time += Math.round(hours * 60) * 60_000
    deeds.push({ action, at: new Date(time) })
  }
  const by = channel ?? 'phone'
  const outcome: CaseOutcome =
    random.share() < 0.78 ? 'solved' : random.share() < 0.6 ? 'not solved' : 'no answer'
  then(2 + random.share() ** 2 * 52, { kind: 'take' })
  if (outcome === 'no answer' || random.share() < 0.25) then(random.share(), { kind: 'attempt', channel: by })
  if (outcome === 'no answer') {
    then(20 + random.share() * 10, { kind: 'attempt', channel: by })
    then(24 + random.share() * 48, { kind: 'close', outcome })
    return deeds
  }
  then(0.2 + random.share() * 4, { kind: 'contact', channel: by })
  const churnBefore = Math.round(20 + random.share() * 50) / 100
  const left = outcome === 'solved' ? 0.3 : 0.9
  then(3 + random.share() * 120, {
    kind: 'close',
    outcome,
    ...(found.cause ? { cause: found.cause } : {}),
    ...(found.action ? { action: found.action } : {}),
    churnBefore,
    churnAfter: Math.round(churnBefore * left * 100) / 100,
  })
  return deeds
}
