import type { AskRow } from '../api/wire.ts'
import { real } from '../parts/scale.ts'

/** What a headline may say of a number: how it went only where there is a time before and enough answers, and only
 * what is real; of few answers (those that stand in grey) how many they are, and no more. */
export type LeadKind = 'few' | 'only' | 'steady' | 'rose' | 'fell'

export function leadOf(total: Pick<AskRow, 'faint' | 'change'>): LeadKind {
  if (total.faint) return 'few'
  if (!total.change) return 'only'
  if (!real(total.change.p)) return 'steady'
  return total.change.value > 0 ? 'rose' : 'fell'
}
