import { Refusal } from '../base/errors.ts'
import { jsonOf, utf8Of } from '../base/json.ts'

/** A request body that is to hold events. */
export interface EventsRequest {
  headers: Record<string, string | string[] | undefined>
  body: Buffer
}

/** What the body holds, or why it cannot be read and what of it is worth keeping aside. */
export type Unpacked = { events: unknown[] } | { refusal: Refusal; keep: string }

const mostEvents = 1_000

/** Unpacks the HTTP bindings of CloudEvents 1.0: structured, batched and binary; plain JSON is taken as either.
 * @throws Refusal request.unsupportedType, event.tooMany
 * @see https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md
 */
export function unpackEvents(request: EventsRequest): Unpacked {
  const header = (name: string) => [request.headers[name]].flat()[0] ?? ''
  const contentType = header('content-type')
  const [type = ''] = contentType.toLowerCase().split(';')
  const media = type.trim()
  const structured = media.startsWith('application/cloudevents')
  const binary = !structured && header('ce-specversion') !== ''
  if (!binary && !/^application\/(json|cloudevents\+json|cloudevents-batch\+json)$/.test(media)) {
    throw new Refusal(
      'request.unsupportedType',
      'Send CloudEvents as JSON, or in binary mode with ce- headers.',
    )
  }
  const decoded = orMalformed(() => utf8Of(request.body, contentType))
  // In Latin-1 every byte is a character, so that nothing of it is lost.
  if ('refusal' in decoded) return { refusal: decoded.refusal, keep: request.body.toString('latin1') }
  const text = decoded.value
  // One event with a forbidden key must not take the rest of its batch along: reading each event refuses it.
  const data = orMalformed(() => jsonOf(text, true))
  if (binary) {
    const isJson = media === '' || /[/+]json$/.test(media)
    if (isJson && 'refusal' in data) return { refusal: data.refusal, keep: text }
    const attributes = attributesOf(request.headers)
    if (media) attributes.datacontenttype = contentType
    return { events: [{ ...attributes, data: 'value' in data && isJson ? data.value : text }] }
  }
  if ('refusal' in data) return { refusal: data.refusal, keep: text }
  const batch = media === 'application/cloudevents-batch+json'
  if (batch && !Array.isArray(data.value)) {
    return { refusal: new Refusal('request.malformed', 'A batch is a JSON array.'), keep: text }
  }
  const events =
    Array.isArray(data.value) && media !== 'application/cloudevents+json' ? data.value : [data.value]
  if (events.length > mostEvents) throw new Refusal('event.tooMany')
  return { events }
}

/** What `read` gives, or its refusal of a malformed body; any other refusal is thrown. */
function orMalformed<T>(read: () => T): { value: T } | { refusal: Refusal } {
  try {
    return { value: read() }
  } catch (error) {
    if (error instanceof Refusal && error.code === 'request.malformed') return { refusal: error }
    throw error
  }
}

/** ce- headers as attributes; their values are percent-encoded. */
function attributesOf(headers: EventsRequest['headers']): Record<string, unknown> {
  const attributes: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(headers)) {
    if (!name.startsWith('ce-')) continue
    const text = [value].flat()[0] ?? ''
    try {
      attributes[name.slice(3)] = decodeURIComponent(text)
    } catch {
      attributes[name.slice(3)] = text
    }
  }
  return attributes
}
