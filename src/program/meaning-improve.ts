// For: the rules of promoters and outreach: what they name is there, what each kind needs it has, conditions can be judged.
// In: a document of the right form. Out: faults, reported with the path where they stand.
import { suggestion } from '../base/nearest.ts'
import type { ExpressionChecker } from './expressions.ts'
import { repeated } from './meaning-data.ts'
import { answerChecker, checkWho } from './meaning-recovery.ts'
import type { Program } from './schema.ts'
import type { PromoterRule } from './schema-improve.ts'
import type { Report } from './shape.ts'
import type { Path } from './source.ts'

export function checkImprove(program: Program, context: ExpressionChecker, report: Report): void {
  const judged = (checker: ExpressionChecker, cel: string | undefined, path: Path) => {
    const problem = cel === undefined ? undefined : checker.problem(cel, 'boolean')
    if (problem) report(path, problem.message, 'value', problem.offset)
  }
  judged(context, program.outreach?.consent, ['outreach', 'consent'])
  const { promoters } = program
  if (!promoters) return
  const answer = answerChecker(program, context)
  const path: Path = ['promoters', 'rules']
  repeated(
    promoters.rules.map((rule) => rule.id),
    (index, id) => report([...path, index, 'id'], `the rule "${id}" stands twice`),
  )
  const templates = Object.keys(promoters.templates ?? {})
  for (const [index, rule] of promoters.rules.entries()) {
    const here = [...path, index]
    judged(answer, rule.when, [...here, 'when'])
    checkParts(rule, here, report)
    for (const [at, who] of (rule.to ?? []).entries()) checkWho(program, who, [...here, 'to', at], report)
    if (rule.template !== undefined && !templates.includes(rule.template))
      report(
        [...here, 'template'],
        `there is no template "${rule.template}"${suggestion(rule.template, templates)}`,
      )
  }
}

function checkParts(rule: PromoterRule, path: Path, report: Report): void {
  const upsell = rule.do === 'upsell'
  const leads = rule.do === 'referral' || rule.do === 'review'
  if (!upsell && rule.template === undefined) report(path, '"template" is missing: what the mail says', 'key')
  if (upsell && rule.template !== undefined)
    report([...path, 'template'], 'an upsell is a lead for the owner, and mails the customer nothing', 'key')
  if (!upsell && rule.to) report([...path, 'to'], 'only an upsell goes to somebody of ours', 'key')
  if (leads && rule.url === undefined) report(path, '"url" is missing: the page it leads to', 'key')
  if (!leads && rule.url !== undefined) report([...path, 'url'], `a ${rule.do} leads to no page`, 'key')
  if (rule.url !== undefined && !isWebAddress(rule.url))
    report(
      [...path, 'url'],
      `expected an address that begins with https://; found "${rule.url.slice(0, 60)}"`,
    )
}

function isWebAddress(text: string): boolean {
  try {
    return /^https?:$/.test(new URL(text).protocol)
  } catch {
    return false
  }
}
