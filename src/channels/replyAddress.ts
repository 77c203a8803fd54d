// For: the address that answers to a letter come to: it names the case, and a code shows that we made it.
// In: the configured address, a workspace's key, a case. Out: reply+<case>.<code>@host; and the way back.
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Tx } from '../storage/postgres.ts'

/** Lower case alone, since mail servers may change the case of an address: RFC 4648 base32 without padding. */
const alphabet = 'abcdefghijklmnopqrstuvwxyz234567'
const caseLength = 26
/** 80 bits: nobody tries that many addresses by mail. */
const codeLength = 16

export interface ReplyAddress {
  caseId: string
  code: string
}

/** The key that a workspace's reply addresses are signed with, made when it is first asked for. */
export async function replyKey(tx: Tx): Promise<string> {
  const [found] = await tx.query<{ key: string }>('select key from reply_keys')
  if (found) return found.key
  await tx.query('insert into reply_keys (workspace_id, key) values ($1, $2) on conflict do nothing', [
    tx.workspaceId,
    randomBytes(32).toString('hex'),
  ])
  const [made] = await tx.query<{ key: string }>('select key from reply_keys')
  return made!.key
}

/** @param base what the tag is put into, such as reply@example.org or Support <reply@example.org> */
export function replyAddressOf(base: string, key: string, caseId: string): string {
  const address = /<([^>]+)>/.exec(base)?.[1] ?? base
  const at = address.lastIndexOf('@')
  const tag = base32(Buffer.from(caseId.replaceAll('-', ''), 'hex'))
  return `${address.slice(0, at)}+${tag}.${codeOf(key, caseId)}${address.slice(at)}`
}

/** The case an address names; undefined when it is not of our making at all. Whether the code is right is asked of
 * `isGenuine`, once the workspace of the case is known.
 */
export function readReplyAddress(address: string): ReplyAddress | undefined {
  const tag = /\+([a-z2-7]{26})\.([a-z2-7]{16})@[^@]+$/.exec(address.toLowerCase())
  if (!tag) return undefined
  const hex = unbase32(tag[1] as string).toString('hex')
  const caseId = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
  return { caseId, code: tag[2] as string }
}

export function isGenuine(address: ReplyAddress, key: string): boolean {
  return timingSafeEqual(Buffer.from(address.code), Buffer.from(codeOf(key, address.caseId)))
}

const codeOf = (key: string, caseId: string) =>
  base32(createHmac('sha256', key).update(caseId).digest()).slice(0, codeLength)

function base32(bytes: Buffer): string {
  let text = ''
  let bits = 0
  let held = 0
  for (const byte of bytes) {
    held = (held << 8) | byte
    bits += 8
    while (bits >= 5) {
      text += alphabet[(held >> (bits - 5)) & 31]
      bits -= 5
    }
    held &= (1 << bits) - 1
  }
  return bits > 0 ? text + alphabet[(held << (5 - bits)) & 31] : text
}

function unbase32(text: string): Buffer {
  const bytes = Buffer.alloc(Math.floor((caseLength * 5) / 8))
  let bits = 0
  let held = 0
  let at = 0
  for (const sign of text) {
    held = (held << 5) | alphabet.indexOf(sign)
    bits += 5
    if (bits < 8) continue
    bytes[at++] = (held >> (bits - 8)) & 255
    bits -= 8
    held &= (1 << bits) - 1
  }
  return bytes
}
