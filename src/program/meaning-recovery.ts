// For: the rules of a recovery policy: every person, theme, template it names is there, every condition can be judged.
// In: a document of the right form. Out: faults, reported with the path where they stand.
import { isDate, isDuration, meanDays } from '../base/clock.ts'
import { workingMilliseconds } from '../base/hours.ts'
import { suggestion } from '../base/nearest.ts'
import { parseCondition } from './conditions.ts'
import { ExpressionChecker } from './expressions.ts'
import { inCircles, repeated } from './meaning-data.ts'
import { checkHours } from './meaning-hours.ts'
import type { Program } from './schema.ts'
import type { RecoveryPolicy, RecoveryRule } from './schema-recovery.ts'
import { answersScope, responseScope, type ScopeField, valueScope } from './scope.ts'
import type { Report } from './shape.ts'
import type { Path } from './source.ts'

/** First contact when a rule names no time. */
export const usualFirstContact = 'PT48H'

const list = (type: ScopeField['type'], values?: readonly string[]): ScopeField =>
  values ? { type, values } : { type }

/** Conditions over an answer: recovery, and whatever else follows from one. They may speak of `answers`, `response`,
 * `value`, `comment` and, unless they are what makes the themes, of `themes`.
 */
export function answerChecker(
  program: Program,
  context: ExpressionChecker,
  withThemes = true,
): ExpressionChecker {
  const questions = Object.values(program.surveys).flatMap((survey) => survey.questions)
  const names = new Map([
    ['answers', answersScope(questions)],
    ['response', responseScope],
    ['value', valueScope],
  ])
  const plain = new Map([['comment', list('text')]])
  const ids = (program.themes ?? []).map(({ id }) => id)
  if (withThemes) plain.set('themes', list('list', ids))
  return new ExpressionChecker(names, context, plain)
}

export function checkRecovery(program: Program, context: ExpressionChecker, report: Report): void {
  checkHours(program, report)
  checkOwnerFields(program, report)
  checkThemes(program, answerChecker(program, context, false), report)
  const { recovery } = program
  if (!recovery) return
  const checker = answerChecker(program, context)
  const condition: Condition = (cel, path) => {
    const problem = cel === undefined ? undefined : checker.problem(cel, 'boolean')
    if (problem) report(path, problem.message, 'value', problem.offset)
  }
  repeated(
    recovery.rules.map((rule) => rule.id),
    (index, id) => report(['recovery', 'rules', index, 'id'], `the rule "${id}" stands twice`),
  )
  for (const [index, rule] of recovery.rules.entries())
    checkRule(program, rule, ['recovery', 'rules', index], condition, report)
  condition(recovery.decisionMaker, ['recovery', 'decisionMaker'])
  condition(recovery.highValue, ['recovery', 'highValue'])
  const themes = (program.themes ?? []).map((theme) => theme.id)
  for (const [index, theme] of (recovery.priorityThemes ?? []).entries())
    known('theme', theme, themes, ['recovery', 'priorityThemes', index], report)
  checkTargets(recovery, report)
  checkTree(recovery.causes ?? [], 'cause', ['recovery', 'causes'], report)
  checkTree(recovery.actions ?? [], 'action', ['recovery', 'actions'], report)
  checkFollowUp(program, recovery, report)
  checkTrial(recovery, condition, report)
}

type Condition = (cel: string | undefined, path: Path) => void

function known(thing: string, id: string, ids: readonly string[], path: Path, report: Report): boolean {
  if (ids.includes(id)) return true
  report(path, `there is no ${thing} "${id.slice(0, 60)}"${suggestion(id, ids)}`)
  return false
}

function checkRule(
  program: Program,
  rule: RecoveryRule,
  path: Path,
  condition: Condition,
  report: Report,
): void {
  condition(rule.when, [...path, 'when'])
  for (const [index, who] of (rule.owner ?? []).entries())
    checkWho(program, who, [...path, 'owner', index], report)
  for (const [index, { who, when }] of (rule.stakeholders ?? []).entries()) {
    checkWho(program, who, [...path, 'stakeholders', index, 'who'], report)
    condition(when, [...path, 'stakeholders', index, 'when'])
  }
  for (const [index, { to }] of (rule.escalate ?? []).entries())
    checkWho(program, to, [...path, 'escalate', index, 'to'], report)
  for (const [index, { when }] of (rule.channel ?? []).entries())
    condition(when, [...path, 'channel', index, 'when'])
  const templates = Object.keys(program.recovery?.templates ?? {})
  if (rule.template !== undefined) known('template', rule.template, templates, [...path, 'template'], report)
  else if (rule.handle === 'reply')
    report([...path, 'handle'], '"template" is missing: what the reply says', 'key')
  else if (rule.cap?.rest === 'reply')
    report([...path, 'cap', 'rest'], '"template" is missing: what the reply to the rest says', 'key')
  checkTimes(program, rule, path, report)
}

function checkTimes(program: Program, rule: RecoveryRule, path: Path, report: Report): void {
  const times: Array<[duration: string, path: Path]> = []
  if (rule.firstContact !== undefined) times.push([rule.firstContact, [...path, 'firstContact']])
  for (const [index, remind] of (rule.remind ?? []).entries())
    times.push([remind, [...path, 'remind', index]])
  for (const [index, { after }] of (rule.escalate ?? []).entries())
    times.push([after, [...path, 'escalate', index, 'after']])
  // What is no duration at all has been told already.
  if (times.some(([duration]) => !isDuration(duration))) return
  if (rule.hours === 'business') {
    if (!program.hours || !Object.hasOwn(program.hours, 'usual'))
      report([...path, 'hours'], 'there are no business hours: "usual" is missing in "hours"')
    for (const [duration, here] of times)
      if (!isWorkingTime(duration))
        report(here, `business hours are counted in hours, such as PT16H; found "${duration}"`)
  }
  const firstContact = rule.firstContact ?? usualFirstContact
  for (const [index, remind] of (rule.remind ?? []).entries())
    if (meanDays(remind) >= meanDays(firstContact))
      report(
        [...path, 'remind', index],
        `a reminder comes before the deadline, and within ${firstContact} of the answer`,
      )
  const steps = rule.escalate ?? []
  for (const [index, { after }] of steps.entries())
    if (index > 0 && meanDays(steps[index - 1]!.after) > meanDays(after))
      report([...path, 'escalate', index, 'after'], 'the steps stand in the order of their time')
}

function isWorkingTime(duration: string): boolean {
  try {
    workingMilliseconds(duration)
    return true
  } catch {
    return false
  }
}

/** Reports a `Who` whom nobody of the program can be. */
export function checkWho(program: Program, who: string, path: Path, report: Report): void {
  const [kind = '', ...rest] = who.split('.')
  const name = rest.join('.')
  const employees = program.employees ?? []
  if (kind === 'function' || kind === 'roundRobin') {
    const functions = [...new Set(employees.flatMap((employee) => employee.functions ?? []))]
    if (!functions.includes(name))
      report(path, `no employee has the function "${name}"${suggestion(name, functions)}`)
  } else if (kind === 'person') {
    known(
      'employee',
      name,
      employees.map((employee) => employee.key),
      path,
      report,
    )
  } else if (kind === 'accountOwner') {
    if (program.accounts?.owner === undefined && program.contacts?.owner === undefined)
      report(path, '"owner" is missing in accounts or contacts: the field with the key of the employee')
  }
}

function checkOwnerFields(program: Program, report: Report): void {
  for (const scope of ['accounts', 'contacts'] as const) {
    const { owner, fields = {} } = program[scope] ?? {}
    if (owner === undefined) continue
    const path = [scope, 'owner']
    if (!known('field', owner, Object.keys(fields), path, report)) continue
    const { type } = fields[owner]!
    if (type !== 'text' && type !== 'category')
      report(path, `expected a field of type text; ${owner} is of type ${type}`)
  }
}

function checkTargets(recovery: RecoveryPolicy, report: Report): void {
  for (const [index, target] of (recovery.targets ?? []).entries()) {
    const path: Path = ['recovery', 'targets', index]
    if (target.atLeast === undefined && target.atMost === undefined)
      report(path, '"atLeast" or "atMost" is missing: the percentage aimed at', 'key')
    if (target.where === undefined) continue
    try {
      parseCondition(target.where)
    } catch (error) {
      report([...path, 'where'], (error as Error).message)
    }
  }
}

interface Branch {
  id: string
  parent?: string
}

function checkTree(branches: readonly Branch[], thing: string, path: Path, report: Report): void {
  const byId = new Map(branches.map((branch) => [branch.id, branch]))
  const circular = inCircles(byId.keys(), (id) => byId.get(id)?.parent)
  repeated(
    branches.map((branch) => branch.id),
    (index, id) => report([...path, index, 'id'], `the ${thing} "${id}" stands twice`),
  )
  for (const [index, { id, parent }] of branches.entries()) {
    if (parent === undefined) continue
    const here = [...path, index, 'parent']
    if (known(thing, parent, [...byId.keys()], here, report) && circular.has(id))
      report(here, `the ${thing} "${id}" stands above itself`)
  }
}

function checkFollowUp(program: Program, { followUp }: RecoveryPolicy, report: Report): void {
  if (!followUp) return
  const path: Path = ['recovery', 'followUp', 'survey']
  if (!known('survey', followUp.survey, Object.keys(program.surveys), path, report)) return
  const asks = program.surveys[followUp.survey]?.questions.some(({ kind }) => kind === 'choice')
  if (!asks) report(path, `${followUp.survey} has no choice question that asks whether it was solved`)
}

function checkTrial({ trial, rules }: RecoveryPolicy, condition: Condition, report: Report): void {
  if (!trial) return
  const path: Path = ['recovery', 'trial']
  const ids = rules.map((rule) => rule.id)
  for (const [index, id] of trial.rules.entries()) {
    const here = [...path, 'rules', index]
    if (!known('rule', id, ids, here, report)) continue
    const { handle = 'case' } = rules.find((rule) => rule.id === id) ?? {}
    if (handle !== 'case') report(here, `the rule "${id}" opens no cases that could wait`)
  }
  condition(trial.never, [...path, 'never'])
  if (isDuration(trial.delay) && meanDays(trial.delay) === 0)
    report([...path, 'delay'], 'expected some time to wait')
  const at = trial.stop?.at
  if (at !== undefined && !isDate(at))
    report([...path, 'stop', 'at'], `expected a date such as 2026-12-24; found "${at.slice(0, 60)}"`)
}

/** A word of a list: letters and digits, of which each part may end in a star. */
const wordPattern = /^[\p{L}\p{M}\p{N}]+\*?(?:[\s'’-]+[\p{L}\p{M}\p{N}]+\*?)*$/u

function checkThemes(program: Program, checker: ExpressionChecker, report: Report): void {
  const themes = program.themes ?? []
  checkTree(themes, 'theme', ['themes'], report)
  for (const [index, { when, words }] of themes.entries()) {
    const path: Path = ['themes', index]
    const problem = when === undefined ? undefined : checker.problem(when, 'boolean')
    if (problem) report([...path, 'when'], problem.message, 'value', problem.offset)
    for (const [language, entries] of Object.entries(words ?? {}))
      for (const [at, word] of entries.entries())
        if (!wordPattern.test(word.trim()))
          report(
            [...path, 'words', language, at],
            `expected a word, the beginning of one with a star (late*) or a phrase; found "${word.slice(0, 60)}"`,
          )
  }
}
