/** What stands above the letter one answers, in English, Swedish, Norwegian and Danish mail programs. */
const introductions = [
  /^(on|den|på|le|am)\b.{0,200}\b(wrote|skrev|schrieb|a écrit)\b.{0,200}:$/i,
  /^.{0,200}<[^>\s]+@[^>\s]+>\s*(wrote|skrev)\s*:$/i,
]
const dividers = [
  /^-{2,}\s*(original message|forwarded message|ursprungligt meddelande|opprinnelig melding|oprindelig meddelelse)\s*-{2,}$/i,
  /^_{20,}$/,
]
const sender = /^\*?(from|från|fra):\*?\s+\S/i
const sentAt = /^\*?(sent|date|skickat|datum|sendt|dato):\*?\s+\S/i

/** The part of an answer that its writer wrote: without the letter it quotes below or between. When nothing would be
 * left, all of it.
 */
export function withoutQuoted(text: string): string {
  const lines = text.replace(/\r\n?/g, '\n').split('\n')
  const kept: string[] = []
  for (let at = 0; at < lines.length; at++) {
    const line = (lines[at] as string).trim()
    const begins = quoteBegins(lines, at)
    if (begins > 0) {
      const rest = lines.slice(at + begins)
      // Mail programs that mark quoted lines let one answer between them; others put all of the letter below.
      if (!rest.some((each) => each.startsWith('>'))) break
      kept.push(...rest.filter((each) => !each.startsWith('>')))
      break
    }
    if (dividers.some((divider) => divider.test(line)) || isHeaderBlock(lines, at)) break
    if (!line.startsWith('>')) kept.push(lines[at] as string)
  }
  const own = kept
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
  return own === '' ? text.trim() : own
}

/** How many lines the introduction takes that begins here: programs break it into up to three. */
function quoteBegins(lines: string[], at: number): number {
  for (const count of [1, 2, 3]) {
    const joined = lines
      .slice(at, at + count)
      .map((line) => line.trim())
      .join(' ')
    if (joined.length <= 500 && introductions.some((introduction) => introduction.test(joined))) return count
  }
  return 0
}

const isHeaderBlock = (lines: string[], at: number) =>
  sender.test(lines[at] as string) && lines.slice(at + 1, at + 4).some((line) => sentAt.test(line))
