import { knownLanguage } from '../program/question.ts'
import type { Note } from './note.ts'
import { linkTo } from './portalLink.ts'
import { colours, html, page, type Template } from './template.ts'
import { escapeHtml, mailWords } from './wording.ts'

/** What a note has, by which one compiled template serves all notes of that build. */
export function shapeOf(note: Note): string {
  const quotes = (note.quotes ?? []).map(({ label, link }) => `${label ? 'l' : ''}${link ? 'k' : ''}-`)
  const parts = [note.title && 't', note.intro && 'i', note.body && 'b', note.action && 'a']
  const stop = note.consentOf ? 's' : ''
  return [
    note.language,
    ...parts.filter(Boolean),
    note.rows?.length ?? 0,
    fitsBeside(note),
    ...quotes,
    stop,
  ].join(' ')
}

/** Labels of at most so many letters leave their values room beside them on a phone of 320 px. */
const shortLabel = 22
const fitsBeside = ({ rows = [] }: Note) => rows.every(([label]) => label.length <= shortLabel)

// Tables and widths in percent are what every mail program knows. Both columns wrap; a word of a label is never broken.
const rowBeside = (label: string, value: string) =>
  `<tr><td class="label" style="color:${colours.soft};padding:2px 12px 2px 0;width:36%;vertical-align:top;word-break:normal">${label}</td><td style="padding:2px 0;width:64%;vertical-align:top;word-break:break-word">${value}</td></tr>`

const rowAbove = (label: string, value: string) =>
  `<tr><td class="label" style="color:${colours.soft};font-size:13px;word-break:break-word">${label}</td></tr><tr><td style="padding-bottom:10px;word-break:break-word">${value}</td></tr>`

/** A template for every note of this shape; `valuesOf` fills it. */
export async function noteTemplate(note: Note): Promise<Template> {
  const row = fitsBeside(note) ? rowBeside : rowAbove
  const rows = (note.rows ?? []).map((_, index) => row(`%%label${index}%%`, `%%value${index}%%`))
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
 * @param workspace to which links lead; its name stands below where the note says nothing else
 * @param door what is said below to those who cannot sign in
 * @param unsubscribe the address by which a customer asks for no more of these
 */
export function valuesOf(
  note: Note,
  publicUrl: string,
  workspace: { name: string; slug: string },
  { door = '', unsubscribe = '' } = {},
): Record<string, string> {
  const address = (path: string) => linkTo(publicUrl, workspace.slug, path)
  const values: Record<string, string> = {
    subject: note.subject,
    title: note.title ?? '',
    intro: note.intro ?? '',
    body: note.body ?? '',
    action: note.action?.label ?? '',
    link: note.action ? address(note.action.path) : '',
    foot: note.foot ?? workspace.name,
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
