import type { LanguageCode } from '../program/schema.ts'

/** What a mail says, as plain text; how it looks is the template's. */
export interface Note {
  language: LanguageCode
  subject: string
  title?: string
  /** Paragraphs; an empty line parts them. */
  intro?: string
  /** Label and value, one below the other. */
  rows?: ReadonlyArray<readonly [label: string, value: string]>
  /** Somebody's own words, under a label. */
  quotes?: ReadonlyArray<{ label?: string; text: string; link?: string }>
  /** Stands below rows and quotes. */
  body?: string
  /** Path of the portal, such as /cases/…, or a whole address. */
  action?: { label: string; path: string }
  /** Why one gets this mail; the workspace's name when left out. */
  foot?: string
  /** Shown as the sender's name. */
  from?: string
  /** An answer to it comes to this case; see replyAddress.ts. */
  replyCase?: string
  /** Message-IDs, when it continues a thread: the one it answers last. */
  references?: readonly string[]
  /** Nothing is sent to this contact after they have unsubscribed; below it stands the link by which they do. */
  consentOf?: string
  /** Which digest it is, whose, and since when it tells (ISO 8601): one that still waits when the next is due is put together
   * with that.
   */
  digest?: { id: string; reader: string; since: string }
  /** It answers what they have just said, and is sent to whoever has unsubscribed too. */
  answers?: boolean
}

/** The beginning of a text, up to a whole word. */
export function excerpt(text: string, length = 600): string {
  if (text.length <= length) return text
  return `${text
    .slice(0, length)
    .replace(/\s+\S*$/, '')
    .toWellFormed()} …`
}
