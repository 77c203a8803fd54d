import type { Program } from '../program/schema.ts'
import type { CaseActInput, ImproveAct, ImproveActInput, Input } from './input.ts'
import { officeHours } from './officeHours.ts'
import { truth } from './truth.ts'

const minute = 60_000
const day = 24 * 60 * minute

/** What the simulated company improves in its two years: one thing done, of which truth.ts has the effect, others at
 * their beginnings, one dropped.
 * @param inputs the years so far; cases of some of their answers are tied to what is done about them
 * @param end when the two years end
 */
export function demoImprovements(program: Program, inputs: readonly Input[], end: Date): ImproveActInput[] {
  const before = (days: number) => new Date(end.getTime() - days * day)
  const unitOf = new Map((program.employees ?? []).map(({ key, unit }) => [key, unit]))
  // What is done is so from the moment on at which truth.ts lets it take effect; all else is written down at work.
  const at = (days: number, by: string) =>
    days === done
      ? before(days)
      : officeHours(program, unitOf.get(by) ?? null).before(before(days), (days % 60) * minute)
  const act = (days: number, by: string, action: ImproveAct): ImproveActInput => ({
    ...{ kind: 'act', at: at(days, by), person: 'improvements', by, action },
  })
  const done = truth.improvement.daysBeforeEnd
  const told = 'A message before every visit'
  const parts = 'Parts in the van before we drive'
  const saturdays = 'Deliveries on Saturdays'
  return [
    act(done + 60, 'E129', {
      ...{ kind: 'improve', title: told, theme: 'beforehand', cause: 'information', owner: 'E129' },
      ...{ unitKey: 'no', dueOn: dayOf(before(done - 10)), metric: 'visitCsat' },
      action: 'The planner sends a message the evening before, the technician another on the way',
      metricWhere: "unit.market == 'no'",
      concerns: "'beforehand' in themes && 'no' in unit.path",
      said: {
        en: 'Nobody told us when you would come.',
        sv: 'Ingen sa när ni skulle komma.',
        nb: 'Ingen sa når dere skulle komme.',
      },
      did: {
        en: 'You get a message the evening before each visit, and another when the technician is on the way.',
        sv: 'Ni får ett sms kvällen före varje besök, och ett till när teknikern är på väg.',
        nb: 'Dere får en sms kvelden før hvert besøk, og en til når teknikeren er på vei.',
      },
      transactions: untold(inputs, before(done + 61)),
    }),
    act(done + 40, 'E129', {
      ...{ kind: 'improvement', title: told, state: 'decided', note: 'Tried in Norway first' },
    }),
    act(done + 30, 'E129', { kind: 'improvement', title: told, state: 'doing' }),
    act(done, 'E129', { kind: 'improvement', title: told, state: 'done' }),
    act(done - 20, 'E129', { kind: 'tell', title: told }),
    act(200, 'E149', {
      ...{
        kind: 'improve',
        title: saturdays,
        theme: 'delivery',
        cause: 'late',
        owner: 'E149',
        unitKey: 'dk',
      },
      ...{ action: 'A second round of the van on Saturdays', metric: 'deliveryCsat', transactions: [] },
    }),
    act(180, 'E148', {
      ...{ kind: 'improvement', title: saturdays, state: 'dropped', note: 'Too few are at work then' },
    }),
    act(70, 'E120', {
      ...{ kind: 'improve', title: parts, theme: 'rightFirstTime', cause: 'parts', owner: 'E120' },
      ...{ unitKey: 'seSyd', dueOn: dayOf(before(-30)), metric: 'visitCsat' },
      action: 'The planner asks for a photo of the fault and has the parts packed',
      metricWhere: "unit.region == 'seSyd'",
      transactions: [],
    }),
    act(55, 'E101', { kind: 'improvement', title: parts, state: 'decided' }),
    act(40, 'E120', { kind: 'improvement', title: parts, state: 'doing' }),
    act(12, 'E148', {
      ...{ kind: 'improve', title: 'One person follows a support case to its end', theme: 'reachable' },
      ...{ cause: 'information', owner: 'E148', metric: 'supportCes', transactions: [] },
    }),
  ]
}

const dayOf = (at: Date) => at.toISOString().slice(0, 10)

/** A few answers of those who were not told before a visit, until then. */
function untold(inputs: readonly Input[], until: Date): CaseActInput['transaction'][] {
  return inputs
    .flatMap((input) =>
      input.kind === 'answer' &&
      input.at < until &&
      Array.isArray(input.answers.trouble) &&
      input.answers.trouble.includes('information')
        ? [input.transaction]
        : [],
    )
    .slice(-12)
}
