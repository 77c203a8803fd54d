import { knownLanguage } from '../program/question.ts'
import type { Note } from './note.ts'
import { colours, html, page, type Template } from './template.ts'
import { escapeHtml, mailWords } from './wording.ts'

/** What a note has, by which one compiled template serves all notes of that build. */
export function shapeOf(note: Note): string {
  const quotes = (note.quotes ?? []).map(({ label, link }) => `${label ? 'l' : ''}${link ? 'k' : ''}-`)
  const parts = [note.title && 't', note.intro && 'i', note.body && 'b', note.action && 'a']
  const stop = note.consentOf ? 's' : ''
  return [note.language, ...parts.filter(Boolean), note.rows?.length ?? 0, ...quotes, stop].join(' ')
}

/** A template for every note of this shape; `valuesOf` fills it. */
export async function noteTemplate(note: Note): Promise<Template> {
  const rows = (note.rows ?? []).map(
    (_, index) =>
      `<tr><td style="color:${colours.soft};padding:2px 16px 2px 0;white-space:nowrap">%%label${index}%%</td><td style="width:100%">%%value${index}%%</td></tr>`,
  )
  const quotes = (note.quotes ?? []).map(({ label, link }, index) => {
    const above = label
      ? `<mj-text font-size="13px" color="${colours.soft}" padding-bottom="0" css-class="soft">%%quotelabel${index}%%</mj-text>`
      : ''
    const said = `<mj-text>%%quote${index}%%</mj-text>`
    const words = escapeHtml(mailWords[note.language].more)
    return link
      ? `${above}${said}<mj-text font-size="13px" padding-top="0"><a href="%%quotelink${index}%%" style="color:${colours.soft}">${words}</a></mj-text>`
      : above + said
  })
  const panel = [
    note.title && '<mj-text font-size="18px" font-weight="600">%%title%%</mj-text>',
    note.intro && '<mj-text>%%intro%%</mj-text>',
    rows.length > 0 &&
      `<mj-table padding="0 24px 16px" font-size="15px" color="${colours.ink}">${rows.join('')}</mj-table>`,
    ...quotes,
    note.body && '<mj-text>%%body%%</mj-text>',
    note.action && '<mj-button href="%%link%%">%%action%%</mj-button>',
  ]
  const language = knownLanguage(note.language)
  const stop = escapeHtml(mailWords[language].stopNews)
  const foot = note.consentOf
    ? `%%foot%%%%door%%<br /><a href="%%unsubscribe%%" style="color:${colours.soft}">${stop}</a>`
    : '%%foot%%%%door%%'
  return {
    subject: '%%subject%%',
    html: await html(page('%%subject%%', language, panel.filter(Boolean).join(''), foot)),
    text: [
      note.title && '%%title%%',
      note.intro && '%%intro%%',
      (note.rows ?? []).map((_, index) => `%%label${index}%%: %%value${index}%%`).join('\n'),
      ...(note.quotes ?? []).map(({ label, link }, index) =>
        [label && `%%quotelabel${index}%%:`, `%%quote${index}%%`, link && `%%quotelink${index}%%`]
          .filter(Boolean)
          .join('\n'),
      ),
      note.body && '%%body%%',
      note.action && '%%action%%:\n%%link%%',
      note.consentOf
        ? `--\n%%foot%%%%door%%\n${mailWords[language].stopNews}: %%unsubscribe%%`
        : '--\n%%foot%%%%door%%',
    ]
      .filter(Boolean)
      .join('\n\n'),
  }
}

/** @param publicUrl what paths are put behind
 * @param door what is said below to those who cannot sign in
 * @param unsubscribe the address by which a customer asks for no more of these
 */
export function valuesOf(
  note: Note,
  publicUrl: string,
  workspace: string,
  { door = '', unsubscribe = '' } = {},
): Record<string, string> {
  const address = (path: string) => (path.startsWith('/') ? `${publicUrl}${path}` : path)
  const values: Record<string, string> = {
    subject: note.subject,
    title: note.title ?? '',
    intro: note.intro ?? '',
    body: note.body ?? '',
    action: note.action?.label ?? '',
    link: note.action ? address(note.action.path) : '',
    foot: note.foot ?? workspace,
    door,
    unsubscribe,
  }
  for (const [index, [label, value]] of (note.rows ?? []).entries()) {
    values[`label${index}`] = label
    values[`value${index}`] = value
  }
  for (const [index, { label, text, link }] of (note.quotes ?? []).entries()) {
    values[`quotelabel${index}`] = label ?? ''
    values[`quote${index}`] = text
    values[`quotelink${index}`] = link ? address(link) : ''
  }
  return values
}
