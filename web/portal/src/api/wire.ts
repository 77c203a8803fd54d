// For: the shapes the portal receives. In: the server's own schemas where they are exported. Out: types.

import type { Static } from 'typebox'
import type { Role, Scope } from '../../../../src/base/principal.ts'
import type { ViewShape } from '../../../../src/cases/viewWire.ts'
import type {
  BulkShape,
  CaseDetailShape,
  CaseShape,
  DoneShape,
  InboxShape,
  PolicyShape,
} from '../../../../src/cases/wire.ts'
import type { MailShape } from '../../../../src/channels/threadWire.ts'
import type { Ask, AskResult, AskRow } from '../../../../src/insight/ask.ts'
import type { AbsenceShape, ColleagueShape } from '../../../../src/people/staffRoutes.ts'
import type { TimelineShape } from '../../../../src/people/wire.ts'
import type { ProgramOnWire } from '../../../../src/program/wire.ts'
import type { ResponseShape } from '../../../../src/responses/apiRoutes.ts'

/** A time becomes text on its way. */
export type OverWire<T> = T extends Date ? string : T extends object ? { [K in keyof T]: OverWire<T[K]> } : T

export type Text = string | Partial<Record<'en' | 'sv' | 'nb', string>>
export type Scalar = string | number | boolean
export type Values = Record<string, Scalar>

export interface Me {
  user: { id: string; name: string; email: string }
  workspace: { slug: string; name: string } | null
  role: Role | null
  scopes: Scope[]
  unitKey: string | null
  /** Whom one is among the employees of the program. */
  employee: { key: string; name: string | null } | null
  /** What one is called on cases and plans. */
  actor: string | null
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
  stopped?: boolean
}

export type Program = OverWire<ProgramOnWire> & { files: SourceFile[]; versions: ProgramVersion[] }
export type ProgramMetric = Program['metrics'][number]
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

export type ResponseDetail = OverWire<Static<typeof ResponseShape>>
export type ResponseItem = Pick<
  ResponseDetail,
  | 'responseId'
  | 'answeredAt'
  | 'survey'
  | 'touchpoint'
  | 'wayIn'
  | 'language'
  | 'score'
  | 'comment'
  | 'contact'
  | 'unit'
  | 'unitKey'
>
export type Context = ResponseDetail['context']
export type Answer = ResponseDetail['answers'][number]
export interface Page<Item> {
  items: Item[]
  next?: string | null
  total?: number
}
export type CaseItem = OverWire<Static<typeof CaseShape>>
export type CaseState = CaseItem['state']
export type CaseOutcome = NonNullable<CaseItem['outcome']>
export type CaseDetail = OverWire<Static<typeof CaseDetailShape>>
export type CaseDeed = CaseDetail['may'][number]
export type Inbox = OverWire<Static<typeof InboxShape>>
export type CaseTab = keyof Inbox['counts']
export type CasePolicy = OverWire<Static<typeof PolicyShape>>
export type BulkResult = OverWire<Static<typeof BulkShape>>
export type CaseDone = OverWire<Static<typeof DoneShape>>
export type SavedView = OverWire<Static<typeof ViewShape>>
/** What the list of answers is narrowed to, as it stands in the address. */
export interface ResponseFilters {
  text?: string
  survey?: string
  band?: string
  unit?: string
  from?: string
  to?: string
  comment?: boolean
}

/** What the inbox is narrowed to, as it stands in the address. */
export interface CaseFilters {
  tab?: CaseTab | 'all'
  text?: string
  unit?: string
  rule?: string
  reason?: string
  band?: string
  theme?: string
  segment?: string
  owner?: string
  /** Who had it when its first contact was due. */
  dueOwner?: string
  employee?: string
  /** Opened from this day on, and before that one. */
  from?: string
  to?: string
  missed?: boolean
  highValue?: boolean
  decisionMaker?: boolean
  priorityTheme?: boolean
  sort?: string
}
export type Absence = OverWire<Static<typeof AbsenceShape>>
export type AsideMail = OverWire<Static<typeof MailShape>>
export type Colleague = OverWire<Static<typeof ColleagueShape>>

export type TimelineItem = OverWire<Static<typeof TimelineShape>>
export interface CustomerItem {
  id: string
  name: string | null
  key?: string
  email?: string | null
  account?: string | null
  unit?: string | null
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
