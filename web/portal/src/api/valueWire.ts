// For: the shapes of customers, accounts, values and plans. In: the server's own schemas. Out: types.
import type { Static } from 'typebox'
import type { SelectShape } from '../../../../src/cases/selectRoutes.ts'
import type { HistoryShape, PlanMailShape, PlanShape } from '../../../../src/improve/wire.ts'
import type {
  AccountPersonShape,
  AccountTimelineShape,
  HealthShape,
  OpenActionShape,
} from '../../../../src/people/wire.ts'
import type {
  CellCustomerShape,
  CustomerValueShape,
  MatrixShape,
  ModelShape,
} from '../../../../src/value/wire.ts'
import type { OverWire, TimelineItem, Values } from './wire.ts'

export type Health = OverWire<Static<typeof HealthShape>>
export type OpenAction = OverWire<Static<typeof OpenActionShape>>
export type AccountPerson = OverWire<Static<typeof AccountPersonShape>>
export type CustomerValue = OverWire<Static<typeof CustomerValueShape>>
export type AccountMoment = OverWire<Static<typeof AccountTimelineShape>>

interface Known {
  values: Values
  value: CustomerValue | null
  health: Health
  actions: OpenAction[]
  people: AccountPerson[]
}
export interface CustomerDetail extends Known {
  contact: {
    id: string
    key: string
    name: string | null
    email: string | null
    phone: string | null
    language: string | null
    unsubscribedAt: string | null
    unit: string | null
  }
  account: { id: string | null; key: string; name: string | null } | null
  timeline: TimelineItem[]
}
export interface AccountDetail extends Known {
  account: {
    id: string
    key: string
    name: string | null
    unit: string | null
    unitKey: string | null
    parentKey: string | null
  }
  timeline: AccountMoment[]
}
export interface AccountItem {
  id: string
  key: string
  name: string | null
  unit: string | null
  people: number
  openCases: number
}

export type Matrix = OverWire<Static<typeof MatrixShape>>
export type Cell = Matrix['cells'][number]
export type Quadrant = Matrix['quadrants'][number]['quadrant']
export type CellCustomer = OverWire<Static<typeof CellCustomerShape>>
export type ValueModel = OverWire<Static<typeof ModelShape>>
/** Which customers of the matrix are looked at. */
export interface CellChoice {
  segment?: string | undefined
  band?: string | undefined
  quadrant?: Quadrant | undefined
}

export type Plan = OverWire<Static<typeof PlanShape>>
export type PlanItem = Plan['items'][number]
export type PlanDetail = Plan & {
  history: OverWire<Static<typeof HistoryShape>>
  mails: OverWire<Static<typeof PlanMailShape>>
}
export type SelectResult = OverWire<Static<typeof SelectShape>>
