import { Refusal } from '../base/errors.ts'
import { suggestion } from '../base/nearest.ts'
import { type Ask, mostFields, type Period, periods } from './ask.ts'

const keywords = ['by', 'where', 'over', 'from', 'to', 'compare', 'limit'] as const
type Keyword = (typeof keywords)[number]

/** What may follow a keyword; a word of a condition that only looks like one is not taken for it. */
const follows: Record<Keyword, RegExp> = {
  by: /^\S/,
  where: /^\S/,
  over: /^[A-Za-z]+(\s|$)/,
  from: /^\d/,
  to: /^\d/,
  compare: /^[A-Za-z]+(\s|$)/,
  limit: /^\d+(\s|$)/,
}

/** Reads the text form of an Ask.
 *
 *     csat by customer.state, order.outcome where order.price > 100 over month from 2017-01-01 to 2018-01-01
 *
 * The parts after the metric may come in any order, each once; `where` is CEL.
 * @throws Refusal ask.invalid saying which part is not understood
 */
export function parseAsk(text: string): Ask {
  const parts = split(text)
  const metric = parts.shift()?.text ?? ''
  if (!/^[A-Za-z][A-Za-z0-9]*$/.test(metric)) {
    const word = metric.split(/\s+/)[1] ?? ''
    throw invalid(
      metric === '' || keywords.some((each) => metric.split(/\s+/)[0] === each)
        ? 'It begins with the name of a metric.'
        : `After the metric comes by, where, over, from, to, compare or limit, not "${word || metric}"${suggestion(word, keywords)}`,
    )
  }
  const ask: Ask = { metric }
  const seen = new Set<string>()
  for (const { keyword, text: value } of parts) {
    if (seen.has(keyword)) throw invalid(`"${keyword}" stands twice.`)
    seen.add(keyword)
    if (keyword === 'by') ask.by = fieldsOf(value)
    else if (keyword === 'where') ask.where = value
    else if (keyword === 'over') ask.over = periodOf(value)
    else if (keyword === 'from') ask.from = value
    else if (keyword === 'to') ask.to = value
    else if (keyword === 'limit') ask.limit = Number(value)
    else if (value === 'previous') ask.compare = 'previous'
    else throw invalid(`"compare" is followed by "previous", not "${value}".`)
  }
  return ask
}

function fieldsOf(value: string): string[] {
  const fields = value.split(',').map((field) => field.trim())
  if (fields.length > mostFields)
    throw invalid(`"by" is followed by at most ${mostFields} fields, not ${fields.length}.`)
  return fields
}

function periodOf(value: string): Period {
  const period = periods.find((each) => each === value)
  if (!period)
    throw invalid(`"over" is followed by ${periods.join(', ')}, not "${value}"${suggestion(value, periods)}`)
  return period
}

const invalid = (detail: string) => new Refusal('ask.invalid', detail, [{ where: '/', message: detail }])

/** Cuts the text at keywords that stand outside of brackets and quotation marks. */
function split(text: string): Array<{ keyword: Keyword | ''; text: string }> {
  const parts: Array<{ keyword: Keyword | ''; from: number; to: number }> = [
    { keyword: '', from: 0, to: text.length },
  ]
  let depth = 0
  // Quoted text, brackets, and words with what belongs to them (a.b is one word and never a keyword).
  for (const token of text.matchAll(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[([{]|[)\]}]|[A-Za-z_][\w.@]*/g)) {
    const word = token[0]
    if ('([{'.includes(word)) depth++
    else if (')]}'.includes(word)) depth--
    const keyword = keywords.find((each) => each === word)
    const before = text[token.index - 1]
    if (!keyword || depth > 0 || (before !== undefined && !/\s/.test(before))) continue
    const rest = text.slice(token.index + word.length).trimStart()
    if (!follows[keyword].test(rest) || token.index === 0) continue
    parts.at(-1)!.to = token.index
    parts.push({ keyword, from: token.index + word.length, to: text.length })
  }
  return parts.map(({ keyword, from, to }) => ({ keyword, text: text.slice(from, to).trim() }))
}
