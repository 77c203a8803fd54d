// Who takes part in the trial of programs/uc, and who of them comes back, counted from its scenario by code of its own.
import { readFileSync } from 'node:fs'

interface Line {
  at: string
  person: string
  event?: unknown
  answer?: { answers: { recommend: number } }
}

/** @returns the mildly unhappy, and those of them who order again after their answer */
export function countMild(path: string): { mild: Set<string>; back: Set<string> } {
  const mild = new Set<string>()
  const back = new Set<string>()
  for (const line of readFileSync(path, 'utf8').split('\n').filter(Boolean)) {
    const { person, event, answer } = JSON.parse(line) as Line
    const score = answer?.answers.recommend
    if (score !== undefined && score >= 4 && score <= 6) mild.add(person)
    if (event && mild.has(person)) back.add(person)
  }
  return { mild, back }
}
