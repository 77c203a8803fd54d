// For: the columns of the facts that come of what a program declares: its fields, units and questions.
// In: a program. Out: columns with their ClickHouse type and how each is read from a row of the truth.
import type { Context, Values } from '../program/context.ts'
import type { Program, ProgramField, ProgramQuestion } from '../program/schema.ts'
import {
  type FactColumn,
  type FieldType,
  nullableWord,
  readers,
  type TruthRow,
  types,
  word,
} from './factColumn.ts'

/** The scopes that have fields, with the fields that may leave the truth: personal ones do not. */
export function fieldScopes(
  program: Program,
): Array<{ scope: string; fields: Array<[string, ProgramField]> }> {
  const open = (fields: Record<string, ProgramField> | undefined) =>
    Object.entries(fields ?? {}).filter(([, field]) => !field.personal)
  return [
    { scope: 'contact', fields: open(program.contacts?.fields) },
    { scope: 'account', fields: open(program.accounts?.fields) },
    ...Object.entries(program.transactions ?? {}).map(([scope, type]) => ({
      scope,
      fields: open(type.fields),
    })),
  ]
}

/** Column of a field: as frozen at the invitation (or at the answer), or as it is now. */
export const fieldColumn = (view: 'frozen' | 'now', scope: string, field: string) =>
  `${view}_${scope}_${field}`
export const answerColumn = (survey: string, question: string) => `q_${survey}_${question}`
export const levelColumn = (level: string) => `unit_${level}`

function frozenFields(context: Context | null, scope: string): Values | undefined {
  if (scope === 'contact') return context?.contact?.fields
  if (scope === 'account') return context?.account?.fields
  return context?.transaction?.type === scope ? context.transaction.fields : undefined
}

function nowFields(row: TruthRow, scope: string): Values | null | undefined {
  if (scope === 'contact') return row.now_contact
  if (scope === 'account') return row.now_account
  return row.now_type === scope ? row.now_transaction : undefined
}

export function fieldColumns(program: Program): FactColumn[] {
  return fieldScopes(program).flatMap(({ scope, fields }) =>
    fields.flatMap(([name, field]): FactColumn[] => {
      const type = field.type as FieldType
      return [
        {
          name: fieldColumn('frozen', scope, name),
          type: types[type],
          read: (row) => readers[type](frozenFields(row.frozen, scope)?.[name]),
        },
        {
          name: fieldColumn('now', scope, name),
          type: types[type],
          read: (row) => readers[type](nowFields(row, scope)?.[name]),
        },
      ]
    }),
  )
}

export function unitColumns(program: Program): FactColumn[] {
  const levelOf = new Map(program.units?.list.map((unit) => [unit.key, unit.level]))
  const pathOf = (row: TruthRow) => row.unit_path ?? row.frozen?.unit?.path ?? []
  return [
    { name: 'unit', type: nullableWord, read: (row) => row.unit_key },
    ...(program.units?.levels ?? []).map((level) => ({
      name: levelColumn(level),
      type: nullableWord,
      read: (row: TruthRow) => pathOf(row).find((key) => levelOf.get(key) === level) ?? null,
    })),
  ]
}

/** Type and reader of an answer, or undefined for free text, which stays in the truth. */
function answerKind(question: ProgramQuestion): { type: string; read(value: unknown): unknown } | undefined {
  switch (question.kind) {
    case 'text':
      return undefined
    case 'choice':
      return { type: nullableWord, read: readers.text }
    case 'contactMe':
      return { type: types.boolean, read: readers.boolean }
    case 'multiChoice':
      return {
        type: `Array(${word})`,
        read: (value) => (Array.isArray(value) ? value.filter((each) => typeof each === 'string') : []),
      }
    default:
      // All scales are whole numbers 0 to 10: one byte, nine times less to read than a Float64 with its null map.
      return {
        type: 'Nullable(UInt8)',
        read: (value) =>
          typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 255 ? value : null,
      }
  }
}

export function answerColumns(program: Program): FactColumn[] {
  return Object.entries(program.surveys).flatMap(([survey, { questions }]) =>
    questions.flatMap((question): FactColumn[] => {
      const kind = answerKind(question)
      if (!kind) return []
      // A partial response does not count before it is completed; as its answers are not here, no query has to ask.
      const read = (row: TruthRow) =>
        kind.read(row.survey === survey && row.state === 'completed' ? row.answers?.[question.id] : undefined)
      return [{ name: answerColumn(survey, question.id), type: kind.type, read }]
    }),
  )
}
