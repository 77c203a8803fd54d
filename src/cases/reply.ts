import type { NewMessage } from '../channels/queue.ts'
import type { CheckedProgram } from '../program/checked.ts'
import { knownLanguage } from '../program/question.ts'
import type { RecoveryRule } from '../program/schema-recovery.ts'
import type { Candidate } from './candidates.ts'
import { fillTemplate } from './template.ts'

/** The mail that an answer gets instead of a call. It answers what they have just said, so that whoever has unsubscribed
 * gets it too.
 * @returns undefined when the rule has no template, or the customer no address
 */
export function replyTo(
  checked: CheckedProgram,
  rule: RecoveryRule,
  candidate: Candidate,
): NewMessage | undefined {
  const { context, customerName, contactId, email, phone, language, responseId, survey } = candidate
  if (!email || contactId === null || rule.template === undefined) return undefined
  const letter = fillTemplate(
    checked,
    rule.template,
    { context, customer: { name: customerName, email, phone }, ownerName: null },
    knownLanguage(language),
  )
  if (!letter) return undefined
  const from = checked.program.surveys[survey]?.sender
  return {
    kind: 'autoReply',
    aboutId: responseId,
    recipient: email,
    note: {
      language: knownLanguage(language),
      ...letter,
      consentOf: contactId,
      answers: true,
      ...(from ? { from } : {}),
    },
  }
}
