// Makes programs/tele2-iot/scenario.jsonl: a round of the relationship survey, and what the account owners did.
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
  // Of the nine who are less than content one who left and one who nearly recommends hear nothing.
  if (score >= 9 || index === 16 || index === 23) continue
  const unhappy = score <= 6
  const channel = unhappy && revenue >= 100_000 ? 'meeting' : 'phone'
  const called = answeredAt + (unhappy ? 20 : 60) * hour
  add(called, account, { act: { by: owner, transaction, action: { kind: 'contact', channel } } })
  const action = unhappy ? 'planned' : 'explained'
  const cause = score === 7 ? 'price' : 'product'
  add(called + 2 * day, account, {
    act: { by: owner, transaction, action: { kind: 'close', outcome: 'solved', cause, action } },
  })
}

lines.sort((one, other) => (one.at < other.at ? -1 : one.at > other.at ? 1 : 0))
const path = resolve(import.meta.dirname, '../../programs/tele2-iot/scenario.jsonl')
writeFileSync(path, `${lines.map((line) => JSON.stringify(line)).join('\n')}\n`)
process.stdout.write(`${lines.length} lines\n`)
