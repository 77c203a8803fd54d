import Type, { type TSchema } from 'typebox'
import { methods } from '../methods/methods.ts'
import { outputSchema } from '../methods/output-schema.ts'
import { Reasoned } from '../output/schema.ts'

const about = {
  question: Type.String({ description: 'what the answer is to, as the page prints it' }),
  command: Type.String({ description: 'the command line that gives it' }),
  sentences: Type.Array(Type.String(), {
    description: 'the answer in plain words; none when there is no finding',
  }),
}

// An answer is what its method prints with --json, without file and rows, and with the question before it.
function answerOf(method: (typeof methods)[number]): TSchema {
  const { method: name, used, dropped, conventions, result } = outputSchema(method).properties
  return Reasoned({
    method: name!,
    ...about,
    used: used!,
    dropped: dropped!,
    conventions: conventions!,
    result: result!,
  })
}

/** JSON Schema of what `samklang analyze FILE.csv --json` prints. */
export const pageSchema = Type.Object(
  {
    method: Type.Literal('page'),
    file: Type.String(),
    rows: Type.Integer({ description: 'data rows of the file' }),
    columns: Type.Array(
      Type.Object({
        name: Type.String(),
        kind: Type.Enum(['scale', 'number', 'category', 'date', 'text', 'id', 'empty']),
        present: Type.Integer(),
        missing: Type.Integer(),
      }),
    ),
    warnings: Type.Array(Type.String(), { description: 'what in the columns should be looked at first' }),
    answers: Type.Array(Type.Union(methods.map(answerOf))),
    more: Type.Array(
      Type.Object({
        method: Type.String(),
        question: Type.String(),
        command: Type.String(),
        assumes: Type.Boolean({ description: 'an option is a guess that the reader must replace' }),
        furthers: Type.Optional(
          Type.String({ description: 'the heading under which it stands: another answer stands for it' }),
        ),
      }),
      { description: 'what fits the file and was not run' },
    ),
    conventions: Type.Array(Type.String(), { description: 'how the file was read' }),
    described: Type.String({ description: 'the command line that shows how the columns were guessed' }),
  },
  { $schema: 'https://json-schema.org/draft/2020-12/schema', title: 'samklang analyze FILE.csv --json' },
)
