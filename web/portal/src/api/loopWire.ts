// For: the shapes of closing the loop: its numbers, improvements, promoters, praise, webhooks.
// In: the server's own schemas. Out: types.
import type { Static } from 'typebox'
import type { ChannelShape, DeliveryShape, WebhookShape } from '../../../../src/channels/hooks/routes.ts'
import type {
  ActShape,
  AmbassadorShape,
  HistoryShape,
  ImprovementShape,
  LeadShape,
  LinksShape,
  OutcomeShape,
  TellingShape,
} from '../../../../src/improve/wire.ts'
import type { ImprovementEffect } from '../../../../src/insight/improvementEffect.ts'
import type { LoopPage } from '../../../../src/insight/loopPage.ts'
import type { Payoff } from '../../../../src/insight/payoff.ts'
import type { DigestShape, NotificationShape, StandingShape } from '../../../../src/notify/wire.ts'
import type { OverWire } from './wire.ts'

export type LoopNumbers = OverWire<LoopPage>
export type LoopShare = LoopNumbers['shares'][number]
export type LoopTarget = LoopNumbers['targets'][number]
export type LoopTold = LoopNumbers['whose'][number]['cells'][string]
export type LoopPayoff = OverWire<Payoff>
export type Apart = LoopPayoff['observed']['contactedAgainstMissed']['repurchased']

export type Improvement = OverWire<Static<typeof ImprovementShape>>
export type ImprovementState = Improvement['state']
export type ImprovementDetail = Improvement & {
  history: OverWire<Static<typeof HistoryShape>>
  linked: OverWire<Static<typeof LinksShape>>
}
export type Effect = OverWire<ImprovementEffect>
export type Telling = OverWire<Static<typeof TellingShape>>

export type Act = OverWire<Static<typeof ActShape>>
export type PromoterOutcome = OverWire<Static<typeof OutcomeShape>>
export type Ambassador = OverWire<Static<typeof AmbassadorShape>>
export type Lead = OverWire<Static<typeof LeadShape>>

export type Notice = OverWire<Static<typeof NotificationShape>>
export type PraiseFirst = OverWire<Static<typeof StandingShape>>

export type Digest = OverWire<Static<typeof DigestShape>>

export type Webhook = OverWire<Static<typeof WebhookShape>>
export type ChatChannel = OverWire<Static<typeof ChannelShape>>
export type Delivery = OverWire<Static<typeof DeliveryShape>>
