import type { ProgramQuestion } from '../program/schema.ts'

/** A form's body as it was sent. Our pages send UTF-8; what is not is taken for windows-1252, which forms of old
 * browsers and of programs are in, so that no letter is lost. */
export function readForm(body: Buffer): URLSearchParams {
  const escaped = body.toString('latin1').replace(/[\x80-\xff]/g, (sign) => hexOf(sign.charCodeAt(0)))
  // In UTF-8 all bytes of a sign outside of ASCII stand together, so each run is whole.
  return new URLSearchParams(
    escaped.replace(/(?:%[89a-f][0-9a-f])+/gi, (run) => {
      try {
        return encodeURIComponent(decodeURIComponent(run))
      } catch {
        const bytes = Buffer.from(run.replaceAll('%', ''), 'hex')
        return encodeURIComponent(new TextDecoder('windows-1252').decode(bytes))
      }
    }),
  )
}

const hexOf = (byte: number) => `%${byte.toString(16)}`

/** Answers as a form sends them: text for everything, several where several are ticked. Numbers and ticks become what
 * they mean; whatever else stands there is left as it is, for the judging to refuse.
 * @param questions of the survey; those named in the field `asked` and absent from the form were left empty
 */
export function answersOfForm(
  questions: readonly ProgramQuestion[],
  form: URLSearchParams,
): Record<string, unknown> {
  const answers: Record<string, unknown> = Object.create(null)
  const asked = new Set(askedIn(form))
  const known = new Set(questions.map((question) => question.id))
  for (const { id, kind } of questions) {
    const values = form.getAll(`q.${id}`)
    if (values.length === 0 && !asked.has(id)) continue
    const value = formValue(kind, values)
    // A box with nothing but blanks in it was left empty.
    answers[id] = typeof value === 'string' ? value.trim() : value
  }
  // Names of no question are handed on as well, so that the sender is told.
  for (const name of form.keys()) {
    if (name.startsWith('q.') && !known.has(name.slice(2))) answers[name.slice(2)] = form.get(name)
  }
  return answers
}

export const askedIn = (form: URLSearchParams) => (form.get('asked') ?? '').split(' ').filter(Boolean)

function formValue(kind: ProgramQuestion['kind'], values: string[]): unknown {
  const [value] = values
  // Which of them was meant is not for us to choose; the judging refuses a list.
  if (values.length > 1) return values
  switch (kind) {
    case 'multiChoice':
      return values
    case 'contactMe':
      return value === undefined ? null : value === 'yes' ? true : value
    case 'text':
    case 'choice':
      return value ?? null
    default:
      return value === undefined ? null : numberIn(value)
  }
}

/** A whole number written in digits; anything else as it stands. */
export const numberIn = (text: string): string | number => (/^\d{1,3}$/.test(text) ? Number(text) : text)
