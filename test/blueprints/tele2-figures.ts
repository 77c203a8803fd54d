// The figures of plans and ambassadors that programs/tele2-iot must give, counted from its scenario by code of its own.
import { readFileSync } from 'node:fs'

interface Line {
  answer?: { survey: string; answers: { recommend?: number; solved?: string } }
  act?: { transaction: { key: string }; action: { kind: string; [detail: string]: unknown } }
}

export interface Tele2Figures {
  plans: Record<'open' | 'closed', number>
  items: Record<string, number>
  planMails: number
  /** Of those who were asked whether they may be named. */
  references: { asked: number; accepted: number; declined: number }
  leads: { won: number; lost: number; value: number }
  followedUp: { yes: number; of: number }
}

export function countTele2(path: string): Tele2Figures {
  const lines = readFileSync(path, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Line)
  const acts = lines.flatMap(({ act }) => act ?? [])
  const of = (kind: string) => acts.filter(({ action }) => action.kind === kind)
  const items: Record<string, number> = {}
  const moves = of('planMoves')
  let closed = 0
  for (const { transaction, action } of of('plan')) {
    const own = moves.filter((move) => move.transaction.key === transaction.key)
    if (own.some((move) => move.action.closed)) closed++
    const states = (own.at(-1)?.action.states ??
      (action.items as { state: string }[]).map(({ state }) => state)) as string[]
    for (const state of states) items[state] = (items[state] ?? 0) + 1
  }
  const scores = lines.flatMap(({ answer }) => answer?.answers.recommend ?? [])
  // Answers stand in the order of their time, and so do those who answer: the second half of the customers runs things.
  const linked = scores.filter((score, index) => index >= 15 && score === 10).length
  const references = of('reference')
  const accepted = references.filter(({ action }) => action.yes).length
  const leads = of('leadSettled')
  const won = leads.filter(({ action }) => action.state === 'won')
  const said = lines.flatMap(({ answer }) => answer?.answers.solved ?? [])
  return {
    plans: { open: of('plan').length - closed, closed },
    items,
    planMails: of('planMail').length,
    references: {
      asked: scores.filter((score) => score >= 9).length - linked,
      accepted,
      declined: references.length - accepted,
    },
    leads: {
      won: won.length,
      lost: leads.length - won.length,
      value: won.reduce((sum, { action }) => sum + (action.value as number), 0),
    },
    followedUp: { yes: said.filter((each) => each === 'yes').length, of: said.length },
  }
}
