import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import type { FastifySchemaValidationError } from 'fastify/types/schema.js'
import Type from 'typebox'
import { catalogue, type ErrorCode, type Fault, Refusal } from '../base/errors.ts'
import { nearest } from '../base/nearest.ts'

/** What every refusal looks like on the wire. */
export const ErrorShape = Type.Object(
  {
    error: Type.Object({
      code: Type.Union(Object.keys(catalogue).map((code) => Type.Literal(code))),
      message: Type.String(),
      faults: Type.Array(Type.Object({ where: Type.String(), message: Type.String() })),
    }),
  },
  { description: 'A refusal; docs/errors.md lists the codes.' },
)

/** Fastify's own errors, and those of its plugins, by the words of our catalogue. The status follows from the code. */
const byCode: Record<string, ErrorCode> = {
  FST_ERR_VALIDATION: 'request.malformed',
  FST_ERR_CTP_BODY_TOO_LARGE: 'request.tooLarge',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'request.unsupportedType',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'request.malformed',
  FST_ERR_CTP_INVALID_JSON_BODY: 'request.malformed',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'request.malformed',
  FST_ERR_BAD_URL: 'request.malformed',
  FST_ERR_MAX_PARAM_LENGTH: 'thing.unknown',
  ECONNREFUSED: 'store.unavailable',
  ECONNRESET: 'store.unavailable',
  '57P01': 'store.unavailable',
  '57P03': 'store.unavailable',
  '53300': 'store.unavailable',
  // Ids or times that are none.
  '22P02': 'request.malformed',
  '22007': 'request.malformed',
  '22008': 'request.malformed',
}

/** Such text is refused by the store, in its own words; as a part of JSON by those for JSON that is none. */
const isUnstorable = ({ code, message }: FastifyError) =>
  code === '22021' || code === '22P05' || (code === '22P02' && message.includes('type json'))

/** @param schemas of the route, by what was checked: body, params or querystring */
function refusalOf(error: FastifyError, schemas: object): Refusal {
  if (error instanceof Refusal) return error
  if (error.validation) {
    const found = faultsOf(error.validation, error.validationContext ?? 'body', schemas).slice(0, 20)
    // Of something that may be left empty it says nothing that it is neither null nor fits one of two forms.
    const plain = found.filter(({ message }) => !/^must (be null|match a schema in anyOf)$/.test(message))
    const faults =
      plain.length > 0
        ? plain
        : found.map(({ where }) => ({ where, message: 'does not have a form it may have' }))
    return new Refusal('request.malformed', undefined, faults)
  }
  const code = byCode[error.code]
  if (isUnstorable(error))
    return new Refusal(
      'request.malformed',
      'A text holds a character that cannot be kept: U+0000, or half of a surrogate pair.',
    )
  if (code) return new Refusal(code, code === 'request.malformed' ? `${error.message}.` : undefined)
  if (error.statusCode === 429) return new Refusal('request.tooMany')
  if (error.statusCode === 400) return new Refusal('request.malformed')
  return new Refusal('internal.failure')
}

/** What a path of a fault (`#/properties/over/anyOf/0`) leads to in the schema of what was checked. */
function schemaAt(schemas: object, context: string, path: string): { properties?: object; anyOf?: object[] } {
  const names = [context, ...path.replace(/^#\/?/, '').split('/')].filter(Boolean)
  const found = names.reduce<unknown>(
    (at, name) => (at as Record<string, unknown> | undefined)?.[name],
    schemas,
  )
  return (found ?? {}) as object
}

/** The values of which one is meant, where a path leads to one of them: not all are told of one by one. */
function valuesAt(schemas: object, context: string, path: string): unknown[] | undefined {
  const forms = schemaAt(schemas, context, path.replace(/\/anyOf\/\d+$/, '')).anyOf
  const values = forms?.flatMap((form) => ('const' in form ? [form.const] : []))
  return forms && values?.length === forms.length ? values : undefined
}

function unknownField(name: string, known: readonly string[]): string {
  const meant = nearest(name, known)
  const message = `there is no such field${meant ? `; did you mean "${meant}"?` : ''}`
  return `${message}${meant ? ' Known' : '; known'} are ${known.join(', ')}`
}

/** A fault for each that was found; of something that is one of a few values one alone, which says which these are, and
 * of a field that is not known one, with those that are.
 * @param schemas of the route, by what was checked
 */
function faultsOf(found: readonly FastifySchemaValidationError[], context: string, schemas: object): Fault[] {
  const faults = new Map<string, Fault>()
  const add = (where: string, message: string) => faults.set(`${where} ${message}`, { where, message })
  for (const { keyword, schemaPath, instancePath, params, message = 'does not fit' } of found) {
    // Of a field that is not known it is said twice: that it is too many, and that nothing may be there.
    if ((keyword as string) === 'boolean') continue
    const where = `${context}${instancePath}`
    const values = valuesAt(schemas, context, schemaPath) ?? params.allowedValues
    const unknown = params.additionalProperties
    if (Array.isArray(unknown)) {
      const known = Object.keys(schemaAt(schemas, context, schemaPath).properties ?? {})
      for (const name of unknown as string[]) add(`${where}/${name.slice(0, 80)}`, unknownField(name, known))
    } else if (Array.isArray(values)) add(where, `must be one of ${values.join(', ')}`)
    else if ('allowedValue' in params) add(where, `must be ${String(params.allowedValue)}`)
    else add(where, message)
  }
  return [...faults.values()]
}

/** What a failure looks like in the log: where it happened, without the values a database puts in its messages. */
function logged(error: FastifyError) {
  const fromDatabase = 'severity' in error && 'routine' in error
  const frames = (error.stack ?? '').split('\n').filter((line) => line.startsWith('    at '))
  return {
    kind: error.name,
    code: error.code,
    reason: fromDatabase ? 'the database refused a statement' : error.message,
    stack: frames.join('\n'),
  }
}

/** The one place where a failure becomes an answer. */
export function answerError(error: FastifyError, request: FastifyRequest, reply: FastifyReply) {
  const refusal = refusalOf(error, request.routeOptions.schema ?? {})
  // Somebody who leaves before the answer is there is no failure of ours. The request tells nothing of it: one with a
  // body is destroyed as soon as that has been read.
  const left = reply.raw.destroyed || error.code === 'ERR_STREAM_PREMATURE_CLOSE'
  if (refusal.status >= 500 && !left)
    request.log.error({ requestId: request.id, failure: logged(error) }, 'request failed')
  return reply
    .status(refusal.status)
    .type('application/json; charset=utf-8')
    .send({ error: { code: refusal.code, message: refusal.message, faults: refusal.faults } })
}
