// For: the rules of a program that its form cannot tell: what is named exists, and fits where it is used.
// In: a document of the right form. Out: faults, reported with the path where they stand.

import { durationProblem } from './duration.ts'
import { checkData } from './meaning-data.ts'
import { checkListening } from './meaning-listening.ts'
import { checkValue } from './meaning-value.ts'
import { checkPlaceholders } from './placeholders.ts'
import { languages, type Program } from './schema.ts'
import { isMap, type Report } from './shape.ts'
import type { Path } from './source.ts'

const durationKeys = new Set([
  ...[
    'expires',
    'delay',
    'firstContact',
    'maxAge',
    'betweenMails',
    'remind',
    'after',
    'reopenWithin',
    'openWithin',
    'again',
    'apart',
  ],
])
/** Keys of texts that may be given in several languages. */
const textKeys = new Set([
  ...['label', 'name', 'text', 'help', 'subject', 'intro', 'thanks', 'low', 'high', 'body', 'because'],
])

/** @param warn is told what is no fault and will hardly be meant */
export function reportMeaning(program: Program, report: Report, warn: Report): void {
  checkWorkspace(program, report)
  checkEverywhere(program, program, [], report)
  checkData(program, report, warn)
  checkListening(program, report, warn)
  checkValue(program, report)
  checkPlaceholders(program, report, warn)
}

function checkWorkspace(program: Program, report: Report): void {
  const { timeZone } = program.workspace
  try {
    new Intl.DateTimeFormat('en', { timeZone })
  } catch {
    report(
      ['workspace', 'timeZone'],
      `expected an IANA time zone, such as Europe/Stockholm; found "${timeZone.slice(0, 60)}"`,
    )
  }
}

/** Durations that are none, texts that lack a language, names that every object in JavaScript has of its own. */
function checkEverywhere(program: Program, value: unknown, path: Path, report: Report): void {
  if (Array.isArray(value)) {
    for (const [index, each] of value.entries()) checkEverywhere(program, each, [...path, index], report)
    return
  }
  if (!isMap(value)) return
  for (const [key, each] of Object.entries(value)) {
    const here = [...path, key]
    // Of a field; what stands there are values of the systems, and no keys of ours.
    if (key === 'labels' && 'type' in value) continue
    if (key in Object.prototype) report(here, `"${key}" cannot be used as a name; choose another`, 'key')
    if (key === 'id' && typeof each === 'string' && each in Object.prototype)
      report(here, `"${each}" cannot be used as a name; choose another`)
    const quarantine = path.length === 1 && path[0] === 'quarantine'
    if (durationKeys.has(key) || quarantine) checkDurations(each, here, report)
    if (textKeys.has(key) && isLanguageMap(each)) {
      const missing = program.workspace.languages.filter((code) => !each[code]?.trim())
      if (missing.length > 0)
        report(here, `text is missing in ${missing.join(', ')}, of the workspace's languages`, 'key')
    } else checkEverywhere(program, each, here, report)
  }
}

function checkDurations(value: unknown, path: Path, report: Report): void {
  if (Array.isArray(value))
    for (const [index, each] of value.entries()) checkDurations(each, [...path, index], report)
  const problem = typeof value === 'string' ? durationProblem(value) : undefined
  if (problem !== undefined) report(path, problem)
}

function isLanguageMap(value: unknown): value is Record<string, string | undefined> {
  if (!isMap(value)) return false
  return Object.entries(value).every(
    ([key, each]) => languages.includes(key as 'en') && typeof each === 'string',
  )
}
