// For: the shape of what is done with those who are content, and of mails that are no surveys.
// In: nothing. Out: TypeBox schemas, part of the program's. Their meaning is checked in meaning-improve.ts.
import Type, { type Static } from 'typebox'
import { cel, duration, name, named, strict, text } from './schema-parts.ts'
import { Template, Who } from './schema-recovery.ts'

export const promoterKinds = ['thanks', 'reference', 'referral', 'review', 'upsell'] as const
export type PromoterKind = (typeof promoterKinds)[number]

const PromoterRule = Type.Object(
  {
    id: name('names the rule'),
    when: cel('an answer for which this holds is met so'),
    do: Type.Enum([...promoterKinds], {
      description:
        'thanks: a mail; reference: may we name you; referral: a link to pass on; review: a link to where one reviews; upsell: a lead for the owner',
    }),
    template: Type.Optional(name('one of `templates`: what the mail says; not of an upsell')),
    to: Type.Optional(Type.Array(Who, { minItems: 1, description: 'of an upsell: who gets the lead' })),
    url: Type.Optional(text('of a referral or review: the page it leads to, beginning with https://')),
    again: Type.Optional(duration('not the same again to one person within; P1Y, of thanks P30D')),
  },
  strict,
)

export const Promoters = Type.Object(
  {
    rules: Type.Array(PromoterRule, {
      description: 'the first that holds and mails, and every upsell that holds',
    }),
    templates: Type.Optional(named(Template, 'texts of the mails')),
  },
  { ...strict, description: 'what is done with those who are content' },
)

export const Outreach = Type.Object(
  {
    consent: Type.Optional(cel('only those for whom this holds get mails that are no surveys')),
    apart: Type.Optional(duration('between two such mails to one person; P7D')),
  },
  { ...strict, description: 'mails that are no surveys: thanks, you said and we did' },
)

export type PromoterRule = Static<typeof PromoterRule>
