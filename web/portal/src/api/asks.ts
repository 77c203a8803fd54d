// For: asking everything a page shows in one request, so that its numbers change together and soon.
// In: Asks, each by itself. Out: each one's result; those asked in the same turn went to the server together.
import { Failure, type Fault, post, withQuery } from './client.ts'
import type { Ask, AskResult } from './wire.ts'

type Told =
  | { result: AskResult }
  | { error: { code: string; status: number; message: string; faults: Fault[] } }

interface Waiting {
  ask: Ask
  resolve(result: AskResult): void
  reject(error: unknown): void
}

/** As many as the server takes at once. */
const most = 50
const waiting = new Map<string, Waiting[]>()

/** @throws Failure when there is no contact or the server refuses */
export function askTogether(ask: Ask, language: string): Promise<AskResult> {
  return new Promise((resolve, reject) => {
    const others = waiting.get(language) ?? []
    others.push({ ask, resolve, reject })
    waiting.set(language, others)
    if (others.length === 1) setTimeout(() => void send(language), 0)
  })
}

async function send(language: string): Promise<void> {
  const all = waiting.get(language) ?? []
  waiting.delete(language)
  for (let at = 0; at < all.length; at += most) {
    const some = all.slice(at, at + most)
    try {
      const { answers } = await post<{ answers: Told[] }>(
        withQuery('/v1/asks', { language }),
        some.map((each) => each.ask),
      )
      some.forEach(({ resolve, reject }, index) => {
        const told = answers[index]!
        if ('result' in told) resolve(told.result)
        else {
          const { code, status, message, faults } = told.error
          reject(new Failure(code, status, message, faults))
        }
      })
    } catch (error) {
      for (const { reject } of some) reject(error)
    }
  }
}
