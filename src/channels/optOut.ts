// For: the link below a mail by which its reader asks for no more of them, where no invitation has one.
// In: a workspace's key and a mail. Out: a token that names both, and a code that shows that we made it; and the way back.
import { createHmac, timingSafeEqual } from 'node:crypto'

const idLength = 16
/** 96 bits: nobody tries that many links. */
const codeLength = 12

export interface OptOut {
  workspaceId: string
  messageId: string
  code: Buffer
}

/** @param key the workspace's, from replyKey
 * @returns 59 characters of URL-safe base64
 */
export const optOutToken = (key: string, workspaceId: string, messageId: string): string =>
  Buffer.concat([bytesOf(workspaceId), bytesOf(messageId), codeOf(key, messageId)]).toString('base64url')

/** The mail a token names; undefined when it is not of our making at all. Whether the code is right is asked of
 * `isOurs`, once the workspace's key is known.
 */
export function readOptOut(token: string): OptOut | undefined {
  if (!/^[A-Za-z0-9_-]{59}$/.test(token)) return undefined
  const bytes = Buffer.from(token, 'base64url')
  return {
    workspaceId: idOf(bytes.subarray(0, idLength)),
    messageId: idOf(bytes.subarray(idLength, 2 * idLength)),
    code: bytes.subarray(2 * idLength),
  }
}

export const isOurs = ({ messageId, code }: OptOut, key: string): boolean =>
  timingSafeEqual(code, codeOf(key, messageId))

const codeOf = (key: string, messageId: string) =>
  createHmac('sha256', key).update(`unsubscribe ${messageId}`).digest().subarray(0, codeLength)

const bytesOf = (id: string) => Buffer.from(id.replaceAll('-', ''), 'hex')
const idOf = (bytes: Buffer) =>
  bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
