// For: the shapes the portal receives. In: nothing. Out: types, one for each endpoint it reads.
export type Text = string | Partial<Record<'en' | 'sv' | 'nb', string>>
export type Scalar = string | number | boolean
export type Values = Record<string, Scalar>

export interface Me {
  user: { id: string; name?: string | null; email: string } | null
  workspace: { slug: string; name: string } | null
  role: Role | null
  scopes?: string[]
  unitKey?: string | null
  /** Set when the user came by a one-time link and has no password yet. */
  passwordNeeded?: boolean
}
export type Role = 'admin' | 'cxLead' | 'analyst' | 'unitManager' | 'employee' | 'viewer'
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

export type MetricKind = 'nps' | 'csat' | 'ces' | 'mean' | 'share' | 'count'
export interface ProgramMetric {
  id: string
  kind: MetricKind
  label?: Text
  target?: number | null
}
export interface ProgramField {
  id: string
  label?: Text
  type: string
  values?: string[]
}
export interface ProgramQuestion {
  id: string
  kind: string
  text?: Text
  choices?: { value: string; text: Text }[]
}
export interface ProgramUnit {
  key: string
  level: string
  name: string
  parent?: string | null
}
export interface ProgramVersion {
  version: string
  createdAt: string
  createdBy?: string | null
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
export interface Program {
  version: string
  versions: ProgramVersion[]
  files: SourceFile[]
  languages: string[]
  contactName: string
  metrics: ProgramMetric[]
  surveys: { id: string; name?: Text; questions: ProgramQuestion[] }[]
  touchpoints?: { id: string; name?: Text }[]
  fields: ProgramField[]
  units?: ProgramUnit[]
}

export type Grain = 'day' | 'week' | 'month' | 'quarter' | 'year'
export interface Ask {
  metric: string
  by?: string[]
  where?: string
  over?: Grain
  from?: string
  to?: string
  compare?: 'previous'
  limit?: number
}
export interface AskRow {
  by: (string | null)[]
  period?: string
  n: number
  value: number | null
  interval: [number, number] | null
  mean?: number | null
  counts?: Record<string, number>
  p?: number | null
  pAdjusted?: number | null
  change?: { value: number; p: number | null; interval: [number, number] | null } | null
  withheld?: string
  faint?: boolean
}
export interface AskResult {
  ask: Ask
  metric: { id: string; kind: MetricKind; label?: Text; unit: 'points' | 'percent' | 'mean' | 'count' }
  total: AskRow
  rows: AskRow[]
  watermark: string
  version: string
}

export interface ResponseItem {
  responseId: string
  answeredAt: string
  survey: string
  touchpoint?: string
  wayIn: string
  score: { question: string; kind: string; value: number } | null
  comment: string | null
  contact: { id: string; name: string | null } | null
  unit: string | null
  language?: string
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
  kind: string
  text?: Text
  value: Scalar | Scalar[] | null
  provenance?: { field: string; age?: string | null } | null
}
export interface ResponseDetail extends ResponseItem {
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
  response?: ResponseDetail | null
  timeline?: TimelineItem[]
}

export interface TimelineItem {
  at: string
  kind: 'event' | 'invitation' | 'withheld' | 'response' | 'case'
  title: string
  detail?: string | null
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
  mailId: number | string
  receivedAt: string
  sender: string
  recipient: string
  subject: string
}
export interface MailDetail extends Mail {
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
  queuedAt: string
  error?: string | null
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
  unitKey?: string | null
}
export interface ApiKey {
  keyId: string
  name: string
  scopes: string[]
  createdAt: string
  lastUsedAt?: string | null
  revokedAt?: string | null
}
