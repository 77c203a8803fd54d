// For: an improvement, from the theme that asks for it to its effect: its states, and what may follow what. Pure.
// In: an improvement as it stands, and what somebody changes. Out: how it stands then and what changed, or why not.
import { Refusal } from '../base/errors.ts'

export const improvementStates = ['proposed', 'decided', 'doing', 'done', 'dropped'] as const
export type ImprovementState = (typeof improvementStates)[number]

/** What may follow each state. What is done can turn out not to be, and what was dropped be taken up again. */
const moves: Record<ImprovementState, readonly ImprovementState[]> = {
  proposed: ['decided', 'dropped'],
  decided: ['doing', 'done', 'proposed', 'dropped'],
  doing: ['done', 'decided', 'dropped'],
  done: ['doing'],
  dropped: ['proposed'],
}

/** Text by language. */
export type Words = Partial<Record<'en' | 'sv' | 'nb', string>>

/** What people write about an improvement. */
export interface ImprovementFields {
  title: string
  theme: string | null
  cause: string | null
  action: string | null
  owner: string | null
  ownerName: string | null
  unitKey: string | null
  /** YYYY-MM-DD */
  dueOn: string | null
  metric: string | null
  metricWhere: string | null
  compareWhere: string | null
  said: Words
  did: Words
  concerns: string | null
}

export interface ImprovementStanding extends ImprovementFields {
  state: ImprovementState
  doneAt: Date | null
  revision: number
}

export interface ImprovementChange extends Partial<ImprovementFields> {
  state?: ImprovementState
  /** When it was done, if not now. */
  doneAt?: Date
}

export interface Changed {
  standing: ImprovementStanding
  event: 'changed' | 'moved'
  /** Field -> before and after. */
  detail: Record<string, { from: unknown; to: unknown }>
}

/** An improvement after a change; undefined when nothing changes.
 * @param revision the one the actor saw
 * @throws Refusal thing.changed when it has another by now; improvement.cannotMove
 */
export function changed(
  standing: ImprovementStanding,
  change: ImprovementChange,
  revision: number,
  at: Date,
): Changed | undefined {
  if (standing.revision !== revision) throw new Refusal('thing.changed')
  const { state = standing.state, doneAt, ...fields } = change
  if (state !== standing.state && !moves[standing.state].includes(state)) {
    throw new Refusal(
      'improvement.cannotMove',
      `${standing.state} becomes ${moves[standing.state].join(' or ')}.`,
    )
  }
  const next: ImprovementStanding = {
    ...standing,
    ...fields,
    state,
    doneAt: state === 'done' ? (doneAt ?? standing.doneAt ?? at) : null,
    revision: revision + 1,
  }
  const detail: Changed['detail'] = {}
  for (const name of Object.keys(next) as (keyof ImprovementStanding)[]) {
    if (name === 'revision' || JSON.stringify(next[name]) === JSON.stringify(standing[name])) continue
    detail[name] = { from: standing[name], to: next[name] }
  }
  if (Object.keys(detail).length === 0) return undefined
  return { standing: next, event: state === standing.state ? 'changed' : 'moved', detail }
}
