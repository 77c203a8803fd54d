// For: employees who are told of cases by mail and have no account to open them with.
// In: addresses that mails go to. Out: those of them who cannot sign in yet, and who can let them in.
import { knownLanguage } from '../program/question.ts'
import type { Tx } from '../storage/postgres.ts'
import { mailWords } from './wording.ts'

export interface Strangers {
  /** What stands below a mail to this address; empty for all who can sign in, and for customers. */
  told(recipient: string, language: string): string
}

export const noStrangers: Strangers = { told: () => '' }

/** Names of administrators stand in mails to employees of their own workspace, and nowhere else. */
export async function readStrangers(tx: Tx, recipients: readonly string[]): Promise<Strangers> {
  if (recipients.length === 0) return noStrangers
  const found = await tx.query<{ email: string }>(
    `select e.email from employees e where e.active and e.email = any($1::text[])
       and not exists (select from members m where m.employee_key = e.employee_key)
       and not exists (select from case_readers r where r.person like 'user:%' and lower(r.email) = lower(e.email))`,
    [recipients],
  )
  if (found.length === 0) return noStrangers
  const addresses = new Set(found.map(({ email }) => email))
  // The first owner has an address that can never receive mail until they give their own.
  const doors = await tx.query<{ name: string | null; email: string }>(
    `select r.name, r.email from members m join case_readers r on r.person = coalesce(m.employee_key, 'user:' || m.user_id)
     where m.role = 'admin' and m.unit_key is null and r.email not like '%.invalid' order by m.created_at limit 2`,
  )
  const names = doors.map(({ name, email }) => (name ? `${name} (${email})` : email))
  return {
    told: (recipient, language) =>
      addresses.has(recipient) ? `\n\n${mailWords[knownLanguage(language)].noAccount(names, recipient)}` : '',
  }
}
