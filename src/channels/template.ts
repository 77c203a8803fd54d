// For: how our mails look. MJML is compiled once for each survey, language and version, and filled for each person.
// In: the program's words. Out: HTML and text with %%names%% and {o.data} left open, and the filling of them.
import { knownLanguage, questionText, scaleEnds, scaleOf, textIn } from '../program/question.ts'
import type { LanguageCode, Program, ProgramQuestion } from '../program/schema.ts'
import { escapeHtml, mailWords, type Naming, personal } from './wording.ts'

/** A mail whose particulars are still open. */
export interface Template {
  subject: string
  html: string
  text: string
}

export const colours = {
  paper: '#faf9f6',
  panel: '#ffffff',
  ink: '#1c2024',
  soft: '#5f6670',
  line: '#e7e4dd',
}
const spruce = '#1f5d4c'
const font = "'Inter', 'Segoe UI', 'Helvetica Neue', Arial, sans-serif"

const head = (title: string) => `<mj-head>
  <mj-title>${title}</mj-title>
  <mj-attributes>
    <mj-all font-family="${font}" />
    <mj-text font-size="16px" line-height="1.5" color="${colours.ink}" padding="0 24px 16px" />
    <mj-button background-color="${spruce}" border-radius="8px" font-size="16px" inner-padding="12px 24px" padding="8px 24px 24px" />
  </mj-attributes>
  <mj-raw><meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark"></mj-raw>
  <mj-style>
    .score { display:block; padding:10px 0; border:1px solid ${colours.line}; border-radius:8px; color:${spruce}; font-weight:600; text-decoration:none; text-align:center }
    @media (prefers-color-scheme: dark) {
      body, body > div, .paper { background:#131618 !important } .panel, .panel > table { background:#1a1e21 !important } .panel > table > tbody > tr > td { border-color:#2a2f33 !important }
      .panel div, .panel td, .panel h1 { color:#ebe8e2 !important } .panel td.label { color:#a5abb3 !important } .score { color:#7cc4ae !important; border-color:#2a2f33 !important }
      .foot div, .foot a, .soft div, .soft td { color:#a5abb3 !important }
    }
  </mj-style>
</mj-head>`

export const page = (
  title: string,
  language: string,
  panel: string,
  foot: string,
) => `<mjml lang="${language}">${head(title)}
<mj-body background-color="${colours.paper}" css-class="paper" width="600px">
  <mj-section padding="16px 8px 0"></mj-section>
  <mj-wrapper background-color="${colours.panel}" border="1px solid ${colours.line}" border-radius="10px" css-class="panel" padding="24px 0 8px">
    <mj-section padding="0"><mj-column>${panel}</mj-column></mj-section>
  </mj-wrapper>
  <mj-section padding="16px 8px"><mj-column css-class="foot">
    <mj-text align="center" font-size="13px" color="${colours.soft}">${foot}</mj-text>
  </mj-column></mj-section>
</mj-body></mjml>`

export async function html(mjml: string): Promise<string> {
  // Loaded with the first mail: it is large, and many processes never send one.
  const { default: compile } = await import('mjml')
  const compiled = await compile(mjml, { validationLevel: 'strict' })
  // A mail is sent thousands of times; the blanks between tags need not be.
  return compiled.html.replace(/\n\s*\n/g, '\n').replace(/>\n\s+</g, '>\n<')
}

/** Each number of the scale as a link, all in one row, which holds even eleven of them at 320 px. */
function scores(question: ProgramQuestion, language: LanguageCode): string {
  const scale = scaleOf(question)
  if (!scale) return ''
  const numbers = Array.from({ length: scale.to - scale.from + 1 }, (_, index) => scale.from + index)
  const width = `${(100 / numbers.length).toFixed(2)}%`
  const cells = numbers.map(
    (number) =>
      `<td style="width:${width};padding:0 2px"><a class="score" href="%%survey%%?q=${question.id}&amp;a=${number}">${number}</a></td>`,
  )
  const [low, high] = scaleEnds(question, language).map(escapeHtml)
  const labels =
    low || high
      ? `<mj-table padding="0 16px 16px" font-size="13px" color="${colours.soft}" css-class="soft"><tr><td style="text-align:left">${low}</td><td style="text-align:right">${high}</td></tr></mj-table>`
      : ''
  return `<mj-table padding="0 14px 8px" table-layout="fixed"><tr>${cells.join('')}</tr></mj-table>${labels}`
}

/** The invitation to a survey; its first question stands in the mail.
 * @param first the first question this person is asked; undefined when O-data answered all
 */
export async function invitationTemplate(
  program: Program,
  surveyId: string,
  first: ProgramQuestion | undefined,
  languageOfContact: string,
): Promise<Template> {
  const language = knownLanguage(languageOfContact)
  const words = mailWords[language]
  const survey = program.surveys[surveyId]
  const name = textIn(survey?.name, language)
  const subject = textIn(survey?.subject, language) || name
  const intro = textIn(survey?.intro, language)
  const question = first ? questionText(first, language) : ''
  const clickable = first ? scores(first, language) : ''
  const why = words.why(program.workspace.name)
  const panel = [
    intro && `<mj-text>${escapeHtml(intro).replace(/\n/g, '<br />')}</mj-text>`,
    question && `<mj-text font-size="18px" font-weight="600">${escapeHtml(question)}</mj-text>`,
    clickable,
    clickable
      ? `<mj-text font-size="13px" color="${colours.soft}" css-class="soft">${escapeHtml(words.oneClick)}</mj-text>`
      : '',
    `<mj-button href="%%survey%%">${escapeHtml(words.answer)}</mj-button>`,
  ]
  const foot = `${escapeHtml(why)}<br /><a href="%%unsubscribe%%" style="color:${colours.soft}">${escapeHtml(words.stop)}</a>`
  return {
    subject,
    html: await html(page(escapeHtml(subject), language, panel.join(''), foot)),
    text: [intro, question, `${words.answer}:\n%%survey%%`, `--\n${why}\n${words.stop}: %%unsubscribe%%`]
      .filter(Boolean)
      .join('\n\n'),
  }
}

/** Fills a template in one pass, so that a value that looks like a name is not filled again. */
export function fill(template: Template, values: Record<string, string>, naming: Naming): Template {
  const filled = (text: string, finish: (value: string) => string) =>
    text
      .split(/(%%[a-z][a-z0-9]*%%)/)
      .map((piece, index) =>
        index % 2 === 1 ? finish(values[piece.slice(2, -2)] ?? '') : personal(piece, naming, finish),
      )
      .join('')
  const plain = (value: string) => value
  return {
    // A line break in a subject would begin a header of its own.
    subject: filled(template.subject, plain).replace(/\s+/g, ' ').trim(),
    html: filled(template.html, (value) => escapeHtml(value).replace(/\n/g, '<br>')),
    text: filled(template.text, plain),
  }
}
