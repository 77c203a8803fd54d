// Makes programs/uc/scenario.jsonl: four weeks of sales calls, what customers said of them, and what managers did.
// Run it again after changing it: node test/blueprints/make-uc.ts
import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour
/** Ten in the morning in Stockholm, a Monday. */
const start = Date.UTC(2026, 2, 2, 9)
const sellers = ['s1', 'm1', 's2', 'm2', 's3']
const managers: Record<string, string> = { s: 'smallHead', m: 'middleHead' }
/** Of ten answers five are praise and three are criticism. */
const scores = [10, 9, 7, 4, 10, 8, 2, 9, 10, 6]
const words: Record<number, string> = {
  10: 'Lyssnade och förklarade.',
  9: 'Kunnig och trevlig.',
  4: 'Lite påstridig.',
  2: 'Stressad, hörde inte på.',
}
/** So many days after their answer the mildly unhappy are called, whatever the lot of the trial was. */
const mildAfter = 3
/** Of the mildly unhappy these order again within the year. */
const again = [13, 23, 29, 33]
/** These two nobody called back in time, or reached later. */
const missed = [3, 9]

const lines: Array<{ at: string; person: string }> = []
const add = (at: number, person: string, what: object) =>
  lines.push({ at: new Date(at).toISOString(), person, ...what })

for (let call = 0; call < 40; call++) {
  const workday = Math.floor(call / 2)
  const at = start + (workday + 2 * Math.floor(workday / 5)) * day + (call % 2) * 3 * hour
  const seller = sellers[call % 5] as string
  const score = scores[call % 10] as number
  const customer = `c${call + 1}`
  const time = new Date(at).toISOString()
  const ordered = (id: string, time: string) => ({
    specversion: '1.0',
    id,
    source: 'crm',
    type: 'call.ordered',
    time,
    data: {
      contact: { id: customer, name: `Kund ${call + 1}`, email: `${customer}@kund.example` },
      account: { id: `a${call + 1}`, name: `Bolag ${call + 1}`, employees: 5 + call },
      seller,
      team: seller.startsWith('s') ? 'small' : 'middle',
      call: { id, at: time, minutes: 4 + (call % 7), product: 'credit' },
      order: { id: `order of ${id}`, amount: 900 + 100 * (call % 4) },
    },
  })
  add(at, customer, { event: ordered(`call${call + 1}`, time) })
  if (again.includes(call)) {
    const back = at + (90 + call) * day
    add(back, customer, { event: ordered(`call${call + 1}again`, new Date(back).toISOString()) })
  }
  const transaction = { type: 'call', key: `call${call + 1}` }
  const comment = words[score]
  const answers = {
    recommend: score,
    listened: Math.max(1, Math.ceil(score / 2)),
    ...(comment ? { comment } : {}),
  }
  add(at + 3 * hour, customer, { answer: { survey: 'salesCall', transaction, answers } })
  if (score > 6) continue
  const by = managers[seller[0] as string]
  if (missed.includes(call)) {
    // Weeks later somebody tries after all, and nobody answers.
    const tried = { kind: 'attempt', channel: 'phone', note: 'Inget svar.' }
    add(start + (30 * 24 + call) * hour, customer, { act: { by, transaction, action: tried } })
    continue
  }
  const called = { kind: 'contact', channel: 'phone', note: 'Ringde upp.' }
  const calledAt = at + (score >= 4 ? 3 * hour + mildAfter * day : 24 * hour)
  add(calledAt, customer, { act: { by, transaction, action: called } })
  const closed = { kind: 'close', outcome: 'solved', cause: 'pressure', action: 'coached' }
  add(calledAt + hour, customer, { act: { by, transaction, action: closed } })
}
lines.sort((one, other) => (one.at < other.at ? -1 : one.at > other.at ? 1 : 0))
const file = resolve(import.meta.dirname, '../../programs/uc/scenario.jsonl')
writeFileSync(file, `${lines.map((line) => JSON.stringify(line)).join('\n')}\n`)
