// For: reading a mail that has HTML alone. In: its HTML. Out: its lines as text, what it quotes marked with ">".
import { Parser } from 'htmlparser2'

/** More than this of a letter is nobody's writing; what is cut off stands in the mail as it came. */
const longest = 2_000_000
const deepest = 1_000

const unseen = new Set(['head', 'script', 'style', 'template', 'title'])
const blocks = new Set(
  (
    'address article aside blockquote center dd div dl dt fieldset footer form h1 h2 h3 h4 h5 h6 header hr li main nav ' +
    'ol p pre section table tbody tfoot thead ul'
  ).split(' '),
)
/** What mail programs put the letter in that is answered, or the line above it. */
const quoteClasses = /(^|\s)(gmail_attr|moz-cite-prefix|yahoo_quoted|protonmail_quote)(\s|$)/
/** From here on Outlook on the web and on the phone quotes. */
const quoteBegins = /^(appendonsend|divRplyFwdMsg|mail-editor-reference-message-container)$/

interface Line {
  text: string
  quoted: number
}
/** Lines being written: of the letter, or of one cell of a table, which may hold another. */
interface Sheet {
  lines: Line[]
  text: string
}

/** Text of a mail that has HTML alone, to be read and never shown as HTML: all characters by name or number, lists with
 * their signs, the cells of a row beside each other, quotes with ">".
 */
export function textOfHtml(html: string): string {
  const writer = new Writer()
  /** Undoes what the element began, when it ends. */
  const open: Array<() => void> = []
  let whole = true
  const parser = new Parser({
    onopentag(name, attributes) {
      whole = open.length < deepest
      if (!whole) return parser.pause()
      open.push(writer.begin(name, attributes))
    },
    onclosetag() {
      if (whole) open.pop()?.()
    },
    ontext: (text) => writer.write(text),
  })
  parser.write(html.slice(0, longest))
  if (whole) parser.end()
  while (open.length > 0) open.pop()?.()
  return writer.result()
}

class Writer {
  readonly #sheets: Sheet[] = [{ lines: [], text: '' }]
  readonly #rows: Sheet[][] = []
  readonly #lists: Array<{ next: number | null }> = []
  #sign = ''
  #unseen = 0
  #quoted = 0
  #asWritten = 0

  begin(name: string, attributes: Record<string, string>): () => void {
    if (unseen.has(name)) return this.#during(1, (by) => (this.#unseen += by))
    if (name === 'br') this.#endLine()
    if (name === 'tr') return this.#row()
    if (name === 'td' || name === 'th') return this.#cell()
    if (!blocks.has(name)) return () => {}
    this.#endText()
    // Programs that write a paragraph for each line take its margin away.
    const plain = !/mso/i.test(attributes.class ?? '') && !/margin/i.test(attributes.style ?? '')
    const apart = name === 'p' && plain && this.#lists.length === 0
    if (apart) this.#blank()
    const undo = this.#block(name, attributes)
    return () => {
      this.#endText()
      undo()
      if (apart) this.#blank()
    }
  }

  #block(name: string, attributes: Record<string, string>): () => void {
    if (quoteBegins.test(attributes.id ?? '')) this.#quoted++
    else if (name === 'blockquote' || quoteClasses.test(attributes.class ?? ''))
      return this.#during(1, (by) => (this.#quoted += by))
    if (name === 'pre') return this.#during(1, (by) => (this.#asWritten += by))
    if (name === 'ul' || name === 'ol') {
      this.#lists.push({ next: name === 'ol' ? Number.parseInt(attributes.start ?? '1', 10) || 1 : null })
      return () => this.#lists.pop()
    }
    if (name === 'li') {
      const list = this.#lists.at(-1)
      this.#sign = `${'  '.repeat(Math.max(0, this.#lists.length - 1))}${list?.next ? `${list.next++}.` : '-'} `
      return () => {
        this.#sign = ''
      }
    }
    return () => {}
  }

  #during(by: number, change: (by: number) => void): () => void {
    change(by)
    return () => change(-by)
  }

  #row(): () => void {
    this.#endText()
    const cells: Sheet[] = []
    this.#rows.push(cells)
    return () => {
      this.#rows.pop()
      const written = cells.map(({ lines }) => lines).filter((lines) => lines.some(({ text }) => text !== ''))
      const beside = written.every((lines) => lines.length === 1)
      const { lines } = this.#sheet
      if (!beside) lines.push(...written.flat())
      else if (written.length > 0)
        lines.push({
          text: written.map(([line]) => line?.text).join(' | '),
          quoted: written[0]?.[0]?.quoted ?? 0,
        })
    }
  }

  #cell(): () => void {
    const row = this.#rows.at(-1)
    if (!row) return () => {}
    const sheet: Sheet = { lines: [], text: '' }
    row.push(sheet)
    this.#sheets.push(sheet)
    return () => {
      this.#endText()
      while (sheet.lines.at(-1)?.text === '') sheet.lines.pop()
      this.#sheets.pop()
    }
  }

  write(text: string): void {
    if (this.#unseen > 0) return
    if (this.#asWritten > 0) {
      const [first = '', ...more] = text.replace(/\r\n?/g, '\n').split('\n')
      this.#sheet.text += first
      for (const line of more) {
        this.#endLine()
        this.#sheet.text = line
      }
      return
    }
    const shown = text.replace(/[ \t\r\n\f]+/g, ' ')
    const sheet = this.#sheet
    const added = sheet.text === '' || sheet.text.endsWith(' ') ? shown.replace(/^ /, '') : shown
    if (added === '') return
    if (sheet.text === '') {
      sheet.text = this.#sign
      this.#sign = ''
    }
    sheet.text += added
  }

  /** The whole letter, no more than one empty line at a time. */
  result(): string {
    this.#endText()
    const written = (this.#sheets[0] as Sheet).lines.map(({ text, quoted }) =>
      `${'>'.repeat(quoted)}${quoted > 0 ? ' ' : ''}${text}`.trimEnd(),
    )
    return written
      .join('\n')
      .replaceAll('\u00a0', ' ')
      .replace(/\n{3,}/g, '\n\n')
      .trim()
  }

  get #sheet(): Sheet {
    return this.#sheets.at(-1) as Sheet
  }

  #endLine(): void {
    this.#sheet.lines.push({ text: this.#sheet.text.trimEnd(), quoted: this.#quoted })
    this.#sheet.text = ''
  }

  #endText(): void {
    if (this.#sheet.text !== '') this.#endLine()
  }

  #blank(): void {
    const last = this.#sheet.lines.at(-1)
    if (last && last.text !== '') this.#endLine()
  }
}
