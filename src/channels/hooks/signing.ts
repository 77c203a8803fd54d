import { createHmac, randomBytes } from 'node:crypto'

const prefix = 'whsec_'

/** A new secret: whsec_ and 32 random bytes in base64. */
export const newSecret = (): string => prefix + randomBytes(32).toString('base64')

/** The header webhook-signature: one signature for each secret, so that a receiver may hold either of them while a
 * secret is being changed.
 * @param timestamp seconds since 1970, as in the header webhook-timestamp
 * @see https://www.standardwebhooks.com, signature scheme v1: HMAC-SHA256 over id.timestamp.body
 */
export function signatures(secrets: readonly string[], id: string, timestamp: number, body: string): string {
  return secrets
    .map((secret) => {
      const key = Buffer.from(secret.replace(prefix, ''), 'base64')
      return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`
    })
    .join(' ')
}
