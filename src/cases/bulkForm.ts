import { TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox'
import type { FastifySchemaCompiler } from 'fastify'
import Type, { type TSchema } from 'typebox'
import { BulkBody } from './wire.ts'

/** Validates what is to be done with many cases by the form that `do` names, so that whoever sends an ill-formed one is
 * told its own faults and not those of all forms. Other parts of a request are validated as everywhere.
 */
export const bulkValidator: FastifySchemaCompiler<TSchema> = (part) => {
  if (part.httpPart !== 'body') return TypeBoxValidatorCompiler(part)
  const validatorOf = (schema: TSchema) => TypeBoxValidatorCompiler({ ...part, schema })
  const forms = new Map<unknown, ReturnType<typeof validatorOf>>(
    BulkBody.anyOf.map((form) => [form.properties.do.const, validatorOf(form)]),
  )
  const named = validatorOf(
    Type.Object({ do: Type.Enum(BulkBody.anyOf.map((form) => form.properties.do.const)) }),
  )
  return (body: unknown) => {
    const deed = typeof body === 'object' && body !== null && 'do' in body ? body.do : undefined
    return (forms.get(deed) ?? named)(body)
  }
}
