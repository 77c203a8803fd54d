// For: a program's own story, so that what it promises can be played and counted.
// In: a folder's scenario.jsonl: one thing a line, in the order of its time: an event, an answer, or what somebody did.
// Out: a source to replay, in which everybody lives to the minute.
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { AnswerInput, CaseActInput, ImproveActInput, Input, SourceEvent } from './input.ts'
import type { Source } from './replay.ts'

export const scenarioFile = 'scenario.jsonl'

interface Line {
  at: string
  person: string
  event?: SourceEvent
  answer?: Pick<AnswerInput, 'survey' | 'transaction' | 'answers'>
  act?: Omit<CaseActInput, 'kind' | 'at' | 'person'> | Omit<ImproveActInput, 'kind' | 'at' | 'person'>
}

/** @param name of the source, as told in reports
 * @throws Error naming the line that is none
 */
export async function scenarioSource(name: string, folder: string): Promise<Source> {
  const text = await readFile(join(folder, scenarioFile), 'utf8')
  const inputs = text
    .split('\n')
    .map((line, index) => ({ line, number: index + 1 }))
    .filter(({ line }) => line.trim() !== '')
    .map(({ line, number }) => readLine(line, number))
  return {
    name,
    fingerprint: `${name} ${createHash('sha256').update(text).digest('hex').slice(0, 16)}`,
    inputs: () => inputs,
    count: inputs.length,
    exact: true,
  }
}

function readLine(text: string, number: number): Input {
  const where = `${scenarioFile}:${number}`
  let line: Line
  try {
    line = JSON.parse(text) as Line
  } catch (error) {
    throw new Error(`${where}: ${(error as Error).message}`)
  }
  const at = new Date(line.at)
  if (Number.isNaN(at.getTime())) throw new Error(`${where}: "at" is no time`)
  const timed = { at, person: line.person }
  if (line.event) return { kind: 'event', ...timed, event: line.event }
  if (line.answer) return { kind: 'answer', ...timed, ...line.answer }
  if (line.act) return { kind: 'act', ...timed, ...line.act }
  throw new Error(`${where}: expected an event, an answer or an act`)
}
