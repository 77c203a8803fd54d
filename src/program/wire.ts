import Type, { type Static } from 'typebox'
import { Nullable, oneOf, Time } from '../base/wire.ts'
import type { CheckedProgram } from './checked.ts'
import { languages, type Program, type ProgramField } from './schema.ts'

const TextShape = Type.Union([
  Type.String(),
  Type.Object({
    en: Type.Optional(Type.String()),
    sv: Type.Optional(Type.String()),
    nb: Type.Optional(Type.String()),
  }),
])

export const FileShape = Type.Object(
  { path: Type.String({ minLength: 1, maxLength: 200 }), text: Type.String() },
  { additionalProperties: false },
)
export const FilesBody = Type.Object(
  { files: Type.Array(FileShape, { minItems: 1, maxItems: 200 }) },
  { additionalProperties: false },
)
export const VersionShape = Type.Object({
  version: Type.String(),
  createdAt: Time,
  createdBy: Nullable(Type.String()),
  active: Type.Boolean(),
})
export const FaultShape = Type.Object({
  file: Type.String(),
  line: Type.Integer(),
  column: Type.Integer(),
  where: Type.String(),
  message: Type.String(),
})
export const ProgramShape = Type.Object({
  version: Type.String(),
  name: Type.String(),
  languages: Type.Array(oneOf(languages)),
  timeZone: Type.String(),
  contactName: Type.String({ description: 'what fields of the person are called by: customer.x' }),
  contactLabel: Nullable(TextShape),
  transactions: Type.Array(Type.Object({ type: Type.String(), label: TextShape }), {
    description: 'those that people see called otherwise than by their type',
  }),
  hasValue: Type.Boolean({ description: 'says what customers are worth' }),
  journey: Type.Array(Type.Object({ id: Type.String(), name: TextShape, owner: Nullable(Type.String()) })),
  touchpoints: Type.Array(Type.Object({ id: Type.String(), name: TextShape, step: Nullable(Type.String()) })),
  metrics: Type.Array(
    Type.Object({
      id: Type.String(),
      kind: oneOf(['nps', 'csat', 'ces', 'mean', 'share']),
      label: TextShape,
      target: Nullable(Type.Number()),
    }),
  ),
  surveys: Type.Array(
    Type.Object({
      id: Type.String(),
      name: TextShape,
      kind: oneOf(['transactional', 'relationship']),
      touchpoint: Type.String(),
      questions: Type.Array(
        Type.Object({
          id: Type.String(),
          kind: Type.String(),
          text: Type.Optional(TextShape),
          choices: Type.Optional(Type.Array(Type.Object({ value: Type.String(), text: TextShape }))),
        }),
      ),
    }),
  ),
  rules: Type.Array(Type.Object({ id: Type.String(), label: TextShape }), {
    description: 'of the recovery policy, those that people see called otherwise than by their id',
  }),
  segments: Type.Array(Type.Object({ id: Type.String(), name: TextShape }), {
    description: 'of customers by their value, those that people see called otherwise than by their id',
  }),
  fields: Type.Array(
    Type.Object({
      id: Type.String({ description: 'as an Ask names it, such as customer.state' }),
      label: Type.Optional(TextShape),
      type: oneOf(['text', 'number', 'boolean', 'time', 'category']),
      unit: Type.Optional(Type.String()),
      values: Type.Optional(Type.Array(Type.String())),
      labels: Type.Optional(
        Type.Record(Type.String(), TextShape, { description: 'value -> what people see it called' }),
      ),
      person: Type.Optional(Type.Boolean({ description: 'what it holds is the key of an employee' })),
    }),
  ),
  units: Type.Array(
    Type.Object({
      key: Type.String(),
      level: Type.String(),
      name: Type.String(),
      parent: Nullable(Type.String()),
    }),
  ),
})
export type ProgramOnWire = Static<typeof ProgramShape>

/** A program as pages and clients need it: lists with ids, and the fields one can ask about. */
export function programOnWire({ program, version, contactName }: CheckedProgram): ProgramOnWire {
  return {
    version,
    name: program.workspace.name,
    languages: [...program.workspace.languages],
    timeZone: program.workspace.timeZone,
    contactName,
    contactLabel: program.contacts?.label ?? null,
    transactions: Object.entries(program.transactions ?? {}).flatMap(([type, { label }]) =>
      label === undefined ? [] : [{ type, label }],
    ),
    hasValue: program.value !== undefined,
    journey: (program.journey ?? []).map(({ id, name, owner }) => ({ id, name, owner: owner ?? null })),
    touchpoints: Object.entries(program.touchpoints).map(([id, { name, step }]) => ({
      id,
      name,
      step: step ?? null,
    })),
    metrics: Object.entries(program.metrics).map(([id, metric]) => ({
      id,
      kind: metric.kind,
      label: metric.label ?? id,
      target: metric.target ?? null,
    })),
    surveys: Object.entries(program.surveys).map(([id, { name, kind, touchpoint, questions }]) => ({
      id,
      name,
      kind,
      touchpoint,
      questions: questions.map((question) => ({
        id: question.id,
        kind: question.kind,
        ...(question.text === undefined ? {} : { text: question.text }),
        ...('choices' in question ? { choices: question.choices } : {}),
      })),
    })),
    rules: (program.recovery?.rules ?? []).flatMap(({ id, label }) =>
      label === undefined ? [] : [{ id, label }],
    ),
    segments: (program.value?.segments ?? []).flatMap(({ id, name }) =>
      name === undefined ? [] : [{ id, name }],
    ),
    fields: fieldsOnWire(program, contactName),
    units: (program.units?.list ?? []).map(({ key, level, name, parent }) => ({
      key,
      level,
      name,
      parent: parent ?? null,
    })),
  }
}

/** The fields that can be asked about; personal data cannot, since it never reaches the column store. */
function fieldsOnWire(program: Program, contactName: string): ProgramOnWire['fields'] {
  const declared = (scope: string, fields: Record<string, ProgramField> | undefined, owner?: string) =>
    Object.entries(fields ?? {})
      .filter(([, field]) => !field.personal)
      .map(([name, { label, type, unit, values, labels }]) => ({
        id: `${scope}.${name}`,
        type,
        ...(label === undefined ? {} : { label }),
        ...(unit === undefined ? {} : { unit }),
        ...(values === undefined ? {} : { values }),
        ...(labels === undefined ? {} : { labels }),
        ...(name === owner ? { person: true } : {}),
      }))
  const answers = Object.entries(program.surveys).flatMap(([survey, { questions }]) =>
    questions
      .filter((question) => question.kind === 'choice' || question.kind === 'contactMe')
      .map((question) => ({
        id: `answers.${survey}.${question.id}`,
        type: question.kind === 'choice' ? ('category' as const) : ('boolean' as const),
        ...(question.text === undefined ? {} : { label: question.text }),
        ...('choices' in question ? { values: question.choices.map((each) => each.value) } : {}),
      })),
  )
  return [
    ...declared(contactName, program.contacts?.fields, program.contacts?.owner),
    ...declared('account', program.accounts?.fields, program.accounts?.owner),
    ...Object.entries(program.transactions ?? {}).flatMap(([type, { fields }]) => declared(type, fields)),
    ...answers,
  ]
}
