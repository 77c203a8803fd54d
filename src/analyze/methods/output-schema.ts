import Type from 'typebox'
import type { Method } from '../method.ts'
import { OrNull } from '../output/schema.ts'

/** JSON Schema of what `samklang analyze METHOD --json` prints. */
export function outputSchema(method: Method) {
  return Type.Object(
    {
      method: Type.Literal(method.name),
      file: Type.String(),
      rows: Type.Integer({ description: 'data rows of the file' }),
      used: Type.Integer({ description: 'rows that went into the result' }),
      dropped: Type.Record(Type.String(), Type.Integer(), { description: 'rows left out, by reason' }),
      conventions: Type.Array(Type.String()),
      result: OrNull(method.schema),
      reason: Type.Optional(Type.String({ description: 'why there is no result' })),
      detail: Type.Optional(Type.String()),
      reasons: Type.Optional(Type.Record(Type.String(), Type.String())),
    },
    {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      title: `samklang analyze ${method.name} --json`,
    },
  )
}
