import type { ProgramText } from '../program/schema.ts'
import type { RecoveryRule, ResponseChannel } from '../program/schema-recovery.ts'

export interface Recommended {
  channel: ResponseChannel
  because: ProgramText
}

const usual: ProgramText = {
  en: 'By telephone the cause is found and the relation built',
  sv: 'Per telefon hittar man orsaken och bygger relationen',
  nb: 'På telefon finner man årsaken og bygger relasjonen',
}
const asked: ProgramText = {
  en: 'The recovery policy says so',
  sv: 'Så säger policyn för återkoppling',
  nb: 'Slik sier policyen for oppfølging',
}
const noTelephone: ProgramText = {
  en: 'No telephone number is known',
  sv: 'Det finns inget telefonnummer',
  nb: 'Det finnes ikke noe telefonnummer',
}

const noWay: ProgramText = {
  en: 'Neither telephone number nor e-mail address is known',
  sv: 'Varken telefonnummer eller e-postadress finns',
  nb: 'Verken telefonnummer eller e-postadresse finnes',
}

/** How to answer the customer: the first of the rule's channels that holds and by which they can be reached; else the
 * telephone, or mail where no number is known. Of whom nobody knows how to reach them the telephone number is to be found.
 */
export function recommend(
  rule: RecoveryRule,
  holds: (cel: string) => boolean,
  reach: { phone: string | null; email: string | null },
): Recommended {
  const can = (channel: ResponseChannel) =>
    channel === 'mail' ? reach.email !== null : channel === 'meeting' || reach.phone !== null
  const holding = (rule.channel ?? []).filter(({ when }) => when === undefined || holds(when))
  const chosen = holding.find(({ use }) => can(use))
  if (chosen) return { channel: chosen.use, because: chosen.because ?? asked }
  if (!can('phone') && can('mail')) return { channel: 'mail', because: noTelephone }
  return { channel: 'phone', because: can('phone') ? usual : noWay }
}
