import { recordEvents } from '../../src/events/intake.ts'
import { importResponses } from '../../src/responses/import.ts'
import { openWorkshop, type Workshop } from '../workshop.ts'

/** A club whose members pay fees and now and then say how they like it. */
export const club = (value: string) => `
samklang: 1
workspace: { name: Club, languages: [en], timeZone: Europe/Stockholm, currency: SEK }
contacts:
  fields:
    wealth: { type: number }
    hall: { type: category, values: [east, west] }
accounts: { fields: { wealth: { type: number } } }
units:
  levels: [town, hall]
  list:
    - { key: town, level: town, name: Town }
    - { key: east, level: hall, name: East, parent: town }
    - { key: west, level: hall, name: West, parent: town }
transactions:
  fee:
    fields:
      amount: { type: number }
      back: { type: number }
      gain: { type: number }
      paidAt: { type: time }
events:
  fee.paid:
    about: fee
    map:
      contact: { key: data.member, fields: { hall: data.hall, wealth: data.wealth } }
      account: { key: data.family, fields: { wealth: data.familyWealth } }
      unit: data.hall
      transaction: { key: data.fee, fields: { amount: data.amount, back: data.back, gain: data.gain, paidAt: time } }
touchpoints: { club: { name: Club } }
metrics: { nps: { kind: nps, questions: [mood.recommend] } }
surveys:
  mood:
    name: Mood
    touchpoint: club
    kind: relationship
    questions:
      - { id: recommend, kind: nps }
      - { id: why, kind: text, text: Why }
${value}
`

/** Yearly fees; half of it is margin. */
export const yearly = `
value:
  of: contact
  payments: [{ transaction: fee, amount: amount, at: paidAt, refund: back }]
  margin: 0.5
  potential: wealth
  period: P1Y
  discount: 0.1
  churn: { after: P400D, within: P1Y }
  priors:
    churn: { strongDetractor: 0.5, detractor: 0.3, passive: 0.1, promoter: 0.05, source: a guess of the board }
    save: { value: 0.3, weight: 20, source: what the neighbours say }
  costs: { phone: 150, mail: 20 }
`

export interface Paid {
  member: string
  at: Date | string
  amount: number
  back?: number
  gain?: number
  hall?: string
  wealth?: number
  family?: string
  familyWealth?: number
}

export interface Club extends Workshop {
  pay(fees: readonly Paid[]): Promise<void>
  say(answers: ReadonlyArray<{ member: string; at: Date | string; score: number }>): Promise<void>
}

export async function openClub(now: string, value = yearly): Promise<Club> {
  const workshop = await openWorkshop(now, club(value))
  let fee = 0
  let said = 0
  return {
    ...workshop,
    async pay(fees) {
      for (let start = 0; start < fees.length; start += 1000) {
        const events = fees.slice(start, start + 1000).map(({ at, ...data }) => ({
          specversion: '1.0',
          id: String(++fee),
          source: 'till',
          type: 'fee.paid',
          time: new Date(at).toISOString(),
          data: { ...data, fee: `F${fee}` },
        }))
        const receipts = await recordEvents(workshop, workshop.workspaceId, events)
        const refused = receipts.find((each) => each.status !== 'recorded')
        if (refused) throw new Error(`a fee was not recorded: ${refused.detail}`)
      }
    },
    async say(answers) {
      const inputs = answers.map(({ member, at, score }) => ({
        source: 'letters',
        externalId: String(++said),
        survey: 'mood',
        contactKey: member,
        answers: { recommend: score },
        answeredAt: new Date(at),
      }))
      for (let start = 0; start < inputs.length; start += 1000) {
        const receipts = await importResponses(
          workshop,
          workshop.workspaceId,
          inputs.slice(start, start + 1000),
        )
        const refused = receipts.find((each) => each.status !== 'imported')
        if (refused) throw new Error(`an answer was not taken: ${JSON.stringify(refused)}`)
      }
    },
  }
}
