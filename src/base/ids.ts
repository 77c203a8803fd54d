import { createHash, randomBytes } from 'node:crypto'
import type { Clock } from './clock.ts'

let sequence = 0
let lastMillisecond = 0

/** UUID version 7 (RFC 9562) whose time is the injected clock's, so that virtual years sort as they were lived. */
export function newId(clock: Clock): string {
  const milliseconds = clock.now().getTime()
  // A counter in the 12 bits after the time keeps ids of one millisecond in the order they were made.
  sequence = milliseconds === lastMillisecond ? (sequence + 1) & 0xfff : 0
  lastMillisecond = milliseconds
  const bytes = randomBytes(16)
  bytes.writeUIntBE(milliseconds, 0, 6)
  bytes.writeUInt16BE(0x7000 | sequence, 6)
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80
  return hyphenated(bytes.toString('hex'))
}

/** The same parts always give the same id: for work that may run twice. UUID version 8, SHA-256 of the parts. */
export function stableId(...parts: string[]): string {
  const bytes = createHash('sha256').update(parts.join('\u0000')).digest().subarray(0, 16)
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x80
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80
  return hyphenated(bytes.toString('hex'))
}

/** 128 random bits for links that nobody shall guess, in URL-safe base64 (22 characters). */
export function newToken(): string {
  return randomBytes(16).toString('base64url')
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

const hyphenated = (hex: string) =>
  `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
