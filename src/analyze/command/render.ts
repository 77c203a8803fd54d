import type { Method, Outcome } from '../method.ts'
import { toJson } from '../output/json.ts'
import { count, type Paint } from '../output/paint.ts'
import type { Csv } from '../table/csv.ts'

function shownDrops(outcome: Outcome): [string, number][] {
  return Object.entries(outcome.dropped).filter(([, n]) => n > 0)
}

/** The outcome for a reader: what was used and left out, the tables, the conventions. */
export function render(method: Method, csv: Csv, outcome: Outcome, paint: Paint): string {
  const drops = shownDrops(outcome)
  const left = drops.length
    ? `; left out: ${drops.map(([reason, n]) => `${count(n)} ${reason}`).join(', ')}`
    : ''
  const conventions = [...csv.notes.filter((note) => note !== outcome.hint), ...outcome.conventions]
  return [
    `${paint.bold(method.name)} of ${csv.name}: ${count(outcome.used)} of ${count(outcome.rows)} row${outcome.rows === 1 ? '' : 's'} used${left}`,
    '',
    ...(outcome.hint ? [paint.bold(outcome.hint), ''] : []),
    outcome.text(paint).trimEnd(),
    '',
    ...conventions.map((convention) => paint.faint(`· ${convention}`)),
    '',
  ].join('\n')
}

/** The outcome as one JSON object. */
export function renderJson(method: Method, csv: Csv, outcome: Outcome): string {
  const whole = toJson({
    method: method.name,
    file: csv.name,
    rows: outcome.rows,
    used: outcome.used,
    dropped: Object.fromEntries(shownDrops(outcome)),
    conventions: [
      ...new Set([...(outcome.hint ? [outcome.hint] : []), ...csv.notes, ...outcome.conventions]),
    ],
    result: outcome.result,
  })
  return `${JSON.stringify(whole, null, 2)}\n`
}
