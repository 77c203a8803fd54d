// Makes programs/tele2-iot/scenario.jsonl: a round of the relationship survey, what the account owners did, the plans they
// made with customers, and what those who recommend did with what they were asked.
// Run it again after changing it: node test/blueprints/make-tele2-iot.ts
import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'

const hour = 3_600_000
const day = 24 * hour
/** Nine in the morning in Stockholm, a Monday. */
const start = Date.UTC(2026, 4, 4, 7)
/** Of ten seven recommend, two nearly do and one does not. */
const scores = [10, 9, 10, 8, 9, 10, 5, 9, 10, 7]
const written: Record<number, Record<'en' | 'sv', { best?: string; better?: string }>> = {
  10: { en: { best: 'Your support team.' }, sv: { best: 'Er support.' } },
  9: { en: { best: 'Coverage wherever we drive.' }, sv: { best: 'Täckningen där vi kör.' } },
  8: { en: { better: 'Show more in the portal.' }, sv: { better: 'Visa mer i portalen.' } },
  7: { en: { better: 'It has become expensive.' }, sv: { better: 'Det har blivit dyrt.' } },
  5: { en: { better: 'The API was down twice.' }, sv: { better: 'Plattformen låg nere två gånger.' } },
}
/** Plans of the owners with those whom they mend something for: by the index of the answer, how each item went. */
type Moves = Array<'doing' | 'done' | 'dropped'>
const plans: Record<number, { first: Moves; last?: Moves }> = {
  6: { first: ['done', 'doing'], last: ['done', 'done'] },
  3: { first: ['done', 'doing'], last: ['done', 'done'] },
  26: { first: ['done', 'doing'], last: ['done', 'dropped'] },
  // This one is still under way when the story ends.
  13: { first: ['done', 'doing'] },
}
const promised = ['Tell before we change anything', 'Show how it runs, week by week']
const dayOf = (at: number) => new Date(at).toISOString().slice(0, 10)
/** Who was given a link passed it on to these, and what came of it. */
const leads: Record<number, { name: string; won?: number }> = {
  15: { name: 'Ines Roth', won: 12_000 },
  20: { name: 'Tor Lie' },
}

const lines: Array<{ at: string; person: string }> = []
const add = (at: number, person: string, what: object) =>
  lines.push({ at: new Date(at).toISOString(), person, ...what })

for (let index = 0; index < 30; index++) {
  const account = `k${1 + (index % 15)}`
  const market = index % 15 < 10 ? 'nordic' : 'dach'
  const owner = market === 'dach' ? 'a3' : index % 2 === 0 ? 'a1' : 'a2'
  const language = market === 'nordic' && index % 3 === 0 ? 'sv' : 'en'
  const score = scores[index % 10] as number
  const at = start + Math.floor(index / 3) * day + (index % 3) * hour
  const transaction = { type: 'relation', key: `r${index + 1}` }
  const contact = {
    id: `c${index + 1}`,
    name: `Contact ${index + 1}`,
    email: `c${index + 1}@kund.example`,
    role: index < 15 ? 'decides' : 'runs',
    language,
  }
  // Every other account is a large one.
  const revenue = (index % 15) % 2 === 0 ? 250_000 : 40_000
  const time = new Date(at).toISOString()
  const data = {
    contact,
    account: { id: account, name: `Company ${account}`, owner, industry: 'transport', sims: 1000, revenue },
    market,
    relation: { id: transaction.key, dueAt: time },
  }
  const event = { specversion: '1.0', id: transaction.key, source: 'crm', type: 'relation.due', time, data }
  add(at, account, { event })
  const answers = { recommend: score, ...written[score]?.[language] }
  const answeredAt = at + 5 * hour + index * 60_000
  add(answeredAt, account, { answer: { survey: 'relation', transaction, answers } })
  if (score >= 9) promoted(index, { account, customer: contact.id, owner, transaction, answeredAt })
  // Of the nine who are less than content one who left and one who nearly recommends hear nothing.
  if (score >= 9 || index === 16 || index === 23) continue
  const unhappy = score <= 6
  const channel = unhappy && revenue >= 100_000 ? 'meeting' : 'phone'
  const called = answeredAt + (unhappy ? 20 : 60) * hour
  add(called, account, { act: { by: owner, transaction, action: { kind: 'contact', channel } } })
  const plan = plans[index]
  const action = plan ? 'planned' : 'explained'
  const cause = score === 7 ? 'price' : 'product'
  add(called + 2 * day, account, {
    act: { by: owner, transaction, action: { kind: 'close', outcome: 'solved', cause, action } },
  })
  const closed = called + 2 * day
  if (plan) follow(plan, { account, owner, transaction, closed })
  // Those with a plan say that it is better, and one of the others; nobody else answers.
  if (plan || index === 19) {
    const answer = { survey: 'followUp', transaction, answers: { solved: 'yes' } }
    add(closed + 15 * day, account, { answer })
  }
}

interface With {
  account: string
  owner: string
  transaction: { type: string; key: string }
}

/** The plan, how it goes, and two mails to the customer about it. */
function follow(
  { first, last }: (typeof plans)[number],
  { account, owner, transaction, closed }: With & { closed: number },
) {
  const act = (at: number, action: object) => add(at, account, { act: { by: owner, transaction, action } })
  const items = promised.map((what, place) => ({
    what,
    who: place === 0 ? 'platform' : owner,
    dueOn: dayOf(closed + (20 + 30 * place) * day),
    state: 'open',
  }))
  act(closed + hour, { kind: 'plan', title: 'No surprises', items })
  act(closed + 20 * day, { kind: 'planMoves', states: first })
  const body = 'We promised to keep you told. This is how far we are.'
  act(closed + 20 * day + hour, { kind: 'planMail', subject: 'How far we are', body })
  if (!last) return
  act(closed + 50 * day, { kind: 'planMoves', states: last, closed: true })
  act(closed + 50 * day + hour, {
    kind: 'planMail',
    subject: 'How it went',
    body: 'This is what became of it.',
  })
}

/** What those who recommend do with the mail that asks them. */
function promoted(
  index: number,
  { account, owner, customer, transaction, answeredAt }: With & { customer: string; answeredAt: number },
) {
  const at = answeredAt + 4 * day
  if (index >= 15 && scores[index % 10] === 10) {
    const lead = leads[index]
    if (!lead) return
    const email = `${lead.name.toLowerCase().replace(' ', '.')}@andra.example`
    const given = { kind: 'lead', name: lead.name, email, message: 'We need it in forty lorries.' }
    add(at, account, { act: { by: customer, transaction, action: given } })
    const came = lead.won === undefined ? { state: 'lost' } : { state: 'won', value: lead.won }
    const settled = { kind: 'leadSettled', email, ...came }
    add(at + 10 * day, account, { act: { by: owner, transaction, action: settled } })
    return
  }
  // Of those who are asked whether they may be named some never answer, and some would rather not.
  if (index % 7 === 0) return
  const answer = { kind: 'reference', yes: index % 5 !== 4 }
  add(at, account, { act: { by: customer, transaction, action: answer } })
}

lines.sort((one, other) => (one.at < other.at ? -1 : one.at > other.at ? 1 : 0))
const path = resolve(import.meta.dirname, '../../programs/tele2-iot/scenario.jsonl')
writeFileSync(path, `${lines.map((line) => JSON.stringify(line)).join('\n')}\n`)
process.stdout.write(`${lines.length} lines\n`)
