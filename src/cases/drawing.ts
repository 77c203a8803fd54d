// For: docs/cases.md: the state machine as it is, drawn and listed.
// In: the table of moves. Out: a Mermaid diagram and a Markdown table; a test holds the page to them.
import { type CaseActionKind, moves } from './case.ts'
import { caseStates } from './standing.ts'

const kinds = Object.keys(moves) as CaseActionKind[]
const targetsOf = (kind: CaseActionKind) =>
  caseStates.flatMap((from) => {
    const to = (moves[kind].to as Partial<Record<string, string>>)[from]
    return to === undefined ? [] : [{ from, to }]
  })

/** What leads from one state to another; what leaves the state as it is stands in the table alone. */
export function drawStates(): string {
  const edges = new Map<string, string[]>()
  for (const kind of kinds)
    for (const { from, to } of targetsOf(kind)) {
      const edge = `${from} --> ${to}`
      if (from !== to) edges.set(edge, [...(edges.get(edge) ?? []), kind])
    }
  const lines = [...edges].map(([edge, actions]) => `  ${edge}: ${actions.join(', ')}`)
  return ['```mermaid', 'stateDiagram-v2', '  [*] --> open: opened', ...lines, '```'].join('\n')
}

const who: Record<(typeof moves)[CaseActionKind]['who'], string> = {
  anyone: 'anybody',
  owner: 'owner',
  mandate: 'mandate',
  product: 'the product',
}

/** Every action: who may do it, from which state to which, what stands in the history, whether a revision is asked
 * for, and whoever saw an earlier one is refused after it.
 */
export function tableOfMoves(): string {
  const rows = kinds.map((kind) => {
    const { event, who: by } = moves[kind]
    const steps = targetsOf(kind).map(({ from, to }) => (from === to ? from : `${from} → ${to}`))
    const adds = 'adds' in moves[kind] ? 'no' : 'yes'
    return [`\`${kind}\``, who[by], steps.join(', '), event, adds]
  })
  const cells = [['Action', 'By', 'In state', 'History', 'Revision'], ...rows]
  const widths = (cells[0] as string[]).map((_, column) =>
    Math.max(...cells.map((row) => row[column]!.length)),
  )
  const line = (row: string[]) => `| ${row.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`
  const [head, ...body] = cells as [string[], ...string[][]]
  return [line(head), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...body.map(line)].join(
    '\n',
  )
}
