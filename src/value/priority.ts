import type { CheckedProgram } from '../program/checked.ts'
import type { Context } from '../program/context.ts'
import type { LoyaltyBand, ProgramValue } from '../program/schema-value.ts'
import type { OrReason } from '../stats/interval.ts'
import type { Tx } from '../storage/postgres.ts'
import { type ChurnModel, type ChurnTerm, churnTerm } from './churn.ts'
import { readFeatures } from './features.ts'
import { type SaveTerm, saveTerm } from './save.ts'
import { readModel, readValues, type StoredModel, type ValueRow } from './store.ts'
import type { Estimate } from './value.ts'

/** What a priority is asked for. */
export interface PriorityItem {
  responseId: string
  contactId?: string | null | undefined
  accountId?: string | null | undefined
  band: LoyaltyBand | null
  context: Context
  answers: Record<string, unknown>
  /** Of the answers; left out: the first survey whose score they hold. */
  survey?: string
  /** By which the customer would be followed up. */
  channel: string
}

/** A term that is not known, and why. */
export interface UnknownTerm {
  value: null
  source: 'churn.none' | 'rlv.none' | 'save.none'
}

/** n: paid periods of this customer. */
export interface RlvTerm extends Estimate {
  source: 'rlv.constant' | 'rlv.sbg' | 'rlv.prior' | 'rlv.left'
  n: number
  said?: string
}

export interface CostTerm {
  value: number
  /** `cost.none`: the program states no cost of this channel, and nothing is taken off. */
  source: 'cost.program' | 'cost.none'
  channel: string
}

/** Each term with what says so; the words for `source` are the reader's. `said` is the program's own, of a prior. */
export interface PriorityTerms {
  currency: string
  pChurn: ChurnTerm | UnknownTerm
  rlv: RlvTerm | UnknownTerm
  pSave: SaveTerm | UnknownTerm
  cost: CostTerm
  /** pChurn x rlv x pSave - cost; null when a term is unknown. */
  expected: number | null
}

export interface Priority {
  responseId: string
  /** The expected value saved, in the workspace's currency; null when a term is unknown. */
  expected: number | null
  segment: string | null
  high: boolean
  terms: PriorityTerms
}

/** What it is worth to follow up each of these answers: P(churn) x RLV x P(save) - cost, in their order.
 * Reads twice for all of them together.
 * @returns undefined when the program declares no value
 */
export async function priorityOf(
  tx: Tx,
  checked: CheckedProgram,
  items: readonly PriorityItem[],
): Promise<Priority[] | undefined> {
  const { value, workspace } = checked.program
  if (!value) return undefined
  const inForce = await readModel(tx)
  const rows = await readValues(
    tx,
    // Of an account's people the account is worth something, whoever answered.
    items.map(({ contactId, accountId }) => ({ contactId, accountId })),
  )
  return items.map((item, at) => {
    const row = rows[at]
    const terms = termsOf(checked, value, workspace.currency ?? '', inForce?.model, row, item)
    return {
      responseId: item.responseId,
      expected: terms.expected,
      segment: row?.segment ?? null,
      high: row?.high ?? false,
      terms,
    }
  })
}

function termsOf(
  checked: CheckedProgram,
  value: ProgramValue,
  currency: string,
  model: StoredModel | undefined,
  row: ValueRow | undefined,
  item: PriorityItem,
): PriorityTerms {
  const pChurn = churnOf(checked, value, model, item)
  const rlv = rlvOf(value, model, row)
  const pSave = saveTerm(value.priors, model?.save ?? { contacted: 0, retained: 0 }) ?? {
    value: null,
    source: 'save.none' as const,
  }
  const cost = costOf(value, item.channel)
  const known = pChurn.value !== null && rlv.value !== null && pSave.value !== null
  const expected = known ? pChurn.value! * rlv.value! * pSave.value! - cost.value : null
  return { currency, pChurn, rlv, pSave, cost, expected }
}

function churnOf(
  checked: CheckedProgram,
  value: ProgramValue,
  model: StoredModel | undefined,
  item: PriorityItem,
): ChurnTerm | UnknownTerm {
  const none: OrReason<ChurnModel> = { value: null, reason: 'too few' }
  const fitted = (model?.churn.model as OrReason<ChurnModel> | undefined) ?? none
  // The model was fitted to the features it names, whatever the program of now says.
  const names = 'features' in fitted ? fitted.features : []
  const features = readFeatures(checked, names, item.answers, item.context, item.survey)
  const term = churnTerm(fitted, value.priors, features, item.band ?? undefined)
  return term ?? { value: null, source: 'churn.none' }
}

function rlvOf(
  value: ProgramValue,
  model: StoredModel | undefined,
  row: ValueRow | undefined,
): RlvTerm | UnknownTerm {
  if (!row || !model || row.rlv === null) return { value: null, source: 'rlv.none' }
  if (row.left_at !== null) return { value: 0, source: 'rlv.left', n: row.periods }
  const { chosen } = model.retention
  const source = chosen === 'sbg' ? 'rlv.sbg' : chosen === 'prior' ? 'rlv.prior' : 'rlv.constant'
  const prior = chosen === 'prior' ? value.priors?.retention : undefined
  return {
    value: row.rlv,
    ...(row.rlv_low === null || row.rlv_high === null ? {} : { low: row.rlv_low, high: row.rlv_high }),
    source,
    n: row.periods,
    ...(prior ? { said: prior.source } : {}),
  }
}

function costOf(value: ProgramValue, channel: string): CostTerm {
  const costs: Record<string, number | undefined> = value.costs ?? {}
  const stated = Object.hasOwn(costs, channel) ? costs[channel] : undefined
  return { value: stated ?? 0, source: stated === undefined ? 'cost.none' : 'cost.program', channel }
}
