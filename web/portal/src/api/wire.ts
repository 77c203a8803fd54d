// For: the shapes the portal receives. In: the server's own schemas where they are exported. Out: types.
import type { Role, Scope } from '../../../../src/base/principal.ts'
import type { Ask, AskResult, AskRow } from '../../../../src/insight/ask.ts'
import type { ProgramOnWire } from '../../../../src/program/wire.ts'

/** A time becomes text on its way. */
type OverWire<T> = T extends Date ? string : T extends object ? { [K in keyof T]: OverWire<T[K]> } : T

export type Text = string | Partial<Record<'en' | 'sv' | 'nb', string>>
export type Scalar = string | number | boolean
export type Values = Record<string, Scalar>

export interface Me {
  user: { id: string; name: string; email: string }
  workspace: { slug: string; name: string } | null
  role: Role | null
  scopes: Scope[]
  unitKey: string | null
  /** Came by a one-time link and has no password yet. */
  passwordNeeded: boolean
}
export type { Role, Scope }
export interface Workspace {
  slug: string
  name: string
  role?: Role
}
export interface Progress {
  work: string
  label?: string
  done: number
  total: number
  finished?: boolean
}

export type Program = OverWire<ProgramOnWire> & { files: SourceFile[]; versions: ProgramVersion[] }
export type ProgramMetric = Program['metrics'][number]
export type ProgramUnit = Program['units'][number]
export interface ProgramVersion {
  version: string
  createdAt: string
  createdBy: string | null
  active: boolean
}
export interface SourceFile {
  path: string
  text: string
}
export interface ProgramFault {
  file?: string
  line?: number
  column?: number
  where: string
  message: string
}

export type { Ask, AskResult, AskRow }
export type Grain = NonNullable<Ask['over']>

export interface ResponseItem {
  responseId: string
  answeredAt: string
  survey: string
  touchpoint?: string
  wayIn: string
  score: { question: string; kind: string; value: number } | null
  comment: string | null
  contact: { id: string; name: string | null } | null
  /** Its name. */
  unit: string | null
  unitKey: string | null
  language: string
}
export interface Page<Item> {
  items: Item[]
  next?: string | null
  total?: number
}
export interface Context {
  at?: string
  contact?: { key: string; name?: string; language?: string; fields: Values }
  account?: { key: string; name?: string; fields: Values }
  transaction?: { type: string; key: string; fields: Values }
  unit?: { key: string; level: string; name: string; path: string[] }
  employee?: { key: string; name?: string }
}
export interface Answer {
  question: string
  kind: string | null
  text: string
  value: Scalar | string[]
  /** The value in words, where it is a choice. */
  label: string | null
  provenance: { field: string; since: string } | null
}
export interface ResponseDetail extends ResponseItem {
  startedAt: string
  answers: Answer[]
  context: Context
  transactionNow: { type: string; key: string; fields: Values } | null
  invitation: {
    invitationId: string
    sentAt: string | null
    openedAt?: string | null
    trigger: string
  } | null
  caseId: string | null
  version: string
}

export type CaseState = 'open' | 'taken' | 'closed'
export type CaseOutcome = 'solved' | 'not solved' | 'no answer'
export interface CaseItem {
  caseId: string
  state: CaseState
  rule: string
  openedAt: string
  contactDueAt: string
  takenAt?: string | null
  closedAt?: string | null
  owner?: { id: string; name: string | null } | null
  outcome?: CaseOutcome | null
  unit?: string | null
  contact: { id: string; name: string | null } | null
  score?: { question: string; kind: string; value: number } | null
  comment?: string | null
  responseId: string
  revision: number
}
export interface CaseDetail extends CaseItem {
  events: { revision: number; at: string; actor?: string | null; kind: string; note?: string | null }[]
  response: ResponseDetail
  timeline: TimelineItem[]
}

export interface TimelineItem {
  at: string
  kind: 'event' | 'invitation' | 'withheld' | 'response' | 'case'
  title: string
  detail: string | null
  responseId?: string
  caseId?: string
  fields?: Values
  score?: { question: string; kind: string; value: number } | null
  comment?: string | null
}
export interface CustomerItem {
  id: string
  name: string | null
  key?: string
  email?: string | null
  account?: string | null
  unit?: string | null
}
export interface CustomerDetail {
  contact: {
    id: string
    key: string
    name?: string | null
    email?: string | null
    phone?: string | null
    language?: string | null
    unsubscribedAt?: string | null
  }
  account: { key: string; name?: string | null } | null
  values: Values
  timeline: TimelineItem[]
}

export interface Mail {
  id: string
  receivedAt: string
  from: string
  to: string
  subject: string
}
export interface MailDetail extends Mail {
  messageId: string
  html: string | null
  text: string | null
  headers: { name: string; value: string }[]
}

export interface Source {
  source: string
  type?: string
  events: number
  lastAt: string | null
  lastReceivedAt?: string | null
}
export interface UncertainMail {
  messageId: string
  recipient: string
  kind: string
  state: 'uncertain' | 'failed'
  queuedAt: string
  error: string | null
}
export interface Sources {
  sources: Source[]
  uncertain?: UncertainMail[]
}
export interface KeptAside {
  recordId: string
  kind: string
  receivedAt: string
  source?: string | null
  record: unknown
  reason: string
  detail: string
  state: string
}

export interface Member {
  userId: string
  name?: string | null
  email: string
  role: Role
  unitKey: string | null
  employeeKey: string | null
}
export interface ApiKey {
  keyId: string
  name: string
  scopes: string[]
  createdAt: string
  lastUsedAt?: string | null
}
