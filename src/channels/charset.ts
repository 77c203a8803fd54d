// For: letters that do not say, or say in a word nobody knows, in which characters they are written.
// In: a mail as it came. Out: the same mail, each such text labelled by its bytes.
import { isUtf8 } from 'node:buffer'

/** Says nothing of letters beyond a to z; many programs write it all the same. */
const noCharset = /^(us-ascii|ascii|ansi_x3\.4-19\d\d|x-unknown|unknown-8bit|x-user-defined)$/i

interface Part {
  /** Lines of its header and of its body, by number. */
  header: number
  body: number
  end: number
}

/** The mail with `charset` put right where a text has none or an unknown one: UTF-8 when its bytes are that and more
 * than plain letters, else windows-1252; an unknown one that is not UTF-8 is left to who reads it. What is read
 * already stays byte for byte.
 */
export function withCharsets(raw: Buffer): Buffer {
  const lines = raw.toString('latin1').split('\n')
  let changed = false
  const gone = new Set<number>()
  for (const part of [...partsOf(lines)]) {
    const header = labelledHeader(lines, part)
    if (header === undefined) continue
    if (part.body === part.header) lines[part.header] = `${header}\n${lines[part.header]}`
    else lines[part.header] = header
    for (let at = part.header + 1; at < part.body; at++) gone.add(at)
    changed = true
  }
  if (!changed) return raw
  return Buffer.from(lines.filter((_, at) => !gone.has(at)).join('\n'), 'latin1')
}

/** The parts of a mail that have no parts themselves, and the letters within it. */
function* partsOf(lines: readonly string[]): Generator<Part> {
  const boundaries = new Set<string>()
  let part: Part | undefined = { header: 0, body: 0, end: 0 }
  let inHeader = true
  for (const [at, line] of lines.entries()) {
    const mark = line.startsWith('--') ? line.slice(2).trimEnd() : ''
    const ends = mark.endsWith('--') && boundaries.has(mark.slice(0, -2))
    if (ends || boundaries.has(mark)) {
      if (part && !inHeader) yield { ...part, end: at }
      part = ends ? undefined : { header: at + 1, body: 0, end: 0 }
      inHeader = !ends
    } else if (inHeader && part && /^\r?$/.test(line)) {
      const header = unfolded(lines.slice(part.header, at))
      const own = /^content-type:.*?;\s*boundary="?([^";\r\n]+)"?/im.exec(header)?.[1]?.trimEnd()
      if (own) boundaries.add(own)
      part.body = at
      const isLetter = /^content-type:\s*message\/rfc822/im.test(header)
      inHeader = isLetter
      if (own) part = undefined
      else if (isLetter) part = { header: at + 1, body: 0, end: 0 }
    }
  }
  if (part && !inHeader) yield { ...part, end: lines.length }
}

const unfolded = (header: readonly string[]) => header.join('\n').replace(/\r?\n[ \t]+/g, ' ')

/** The part's header with its charset, or undefined where it needs none. */
function labelledHeader(lines: readonly string[], { header, body, end }: Part): string | undefined {
  const text = unfolded(lines.slice(header, body))
  const type = /^content-type:\s*([^;\r\n]*)/im.exec(text)?.[1]?.trim().toLowerCase() ?? 'text/plain'
  if (!/^(text\/(plain|html)|)$/.test(type)) return undefined
  const charset = /^content-type:.*?;\s*charset\s*=\s*"?([^";\s]+)"?/im.exec(text)?.[1]
  const says = charset !== undefined && !noCharset.test(charset)
  if (says && isKnown(charset)) return undefined
  const bytes = decoded(
    lines.slice(body + 1, end).join('\n'),
    /^content-transfer-encoding:\s*([\w-]+)/im.exec(text)?.[1],
  )
  if (!bytes.some((byte) => byte > 0x7f)) return undefined
  const utf8 = isUtf8(bytes)
  // Its label may still be one that the parser knows by another name.
  if (says && !utf8) return undefined
  const name = utf8 ? 'utf-8' : 'windows-1252'
  const without = text.replace(/^(content-type:.*?);\s*charset\s*=\s*("[^"]*"|[^";\s]*)/im, '$1')
  return /^content-type:\s*text/im.test(without)
    ? without.replace(/^(content-type:\s*text\/\w+)/im, `$1; charset=${name}`)
    : `Content-Type: text/plain; charset=${name}\r\n${without.replace(/^content-type:.*\n?/im, '')}`
}

function isKnown(charset: string): boolean {
  try {
    new TextDecoder(charset)
    return true
  } catch {
    return false
  }
}

function decoded(body: string, encoding: string | undefined): Buffer {
  if (/^base64$/i.test(encoding ?? '')) return Buffer.from(body, 'base64')
  const text = /^quoted-printable$/i.test(encoding ?? '')
    ? body
        .replace(/=[ \t]*\r?\n/g, '')
        .replace(/=([0-9a-f]{2})/gi, (_, code) => String.fromCharCode(Number.parseInt(code, 16)))
    : body
  return Buffer.from(text, 'latin1')
}
