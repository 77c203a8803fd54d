// For: what may be asked by and filtered on: every declared field, under the name it has in conditions.
// In: a program. Out: fields with id, label, type, and the column of the facts that holds each.

import { valueLabel } from '../program/labels.ts'
import { oncePerProgram } from '../program/once.ts'
import { questionText } from '../program/question.ts'
import type { LanguageCode, Program, ProgramText } from '../program/schema.ts'
import { answerField, contactNameOf } from '../program/scope.ts'
import { segmentNames } from '../program/segmentNames.ts'
import type { FactKind } from '../storage/outbox.ts'
import type { FieldType } from './factColumn.ts'
import { factKinds } from './facts.ts'
import { answerColumn, fieldColumn, fieldScopes, levelColumn } from './programColumns.ts'
import { type Words, wordsIn } from './words.ts'

export type AskFieldType = FieldType | 'list'

export interface AskField {
  /** As written in `by`: customer.state, order.outcome, order.outcome@frozen, unit.market, answers.visit.why. */
  id: string
  label: string
  type: AskFieldType
  /** The only values there are, where the program says so. */
  values?: string[]
  /** No row has another value than these: facts are built anew when they change. */
  closed?: boolean
  /** Words for values that have some: names of units, texts of choices. */
  labels: Record<string, string>
  column: string
  /** The kinds of fact that have it. */
  facts: readonly FactKind[]
  /** Results about single employees are kept from being told when they are few. */
  protects?: boolean
  /** A list that is never missing, but may be empty. */
  always?: boolean
}

/** Text in a language, else in the first it is written in. */
export function textIn(text: ProgramText | undefined, language: LanguageCode): string | undefined {
  if (text === undefined || typeof text === 'string') return text
  return text[language] ?? text.en ?? text.sv ?? text.nb
}

/** deliveredAt -> Delivered at */
export const humanized = (name: string) => {
  const words = name.replace(
    /([a-z0-9])([A-Z])/g,
    (_, end: string, start: string) => `${end} ${start.toLowerCase()}`,
  )
  return words.charAt(0).toUpperCase() + words.slice(1)
}

const fieldsOf = oncePerProgram(makeFields)

/** All fields that can be asked by, by id; made once for each program and language. */
export const askFields = (program: Program, language: LanguageCode = 'en'): ReadonlyMap<string, AskField> =>
  fieldsOf(program, language)

function makeFields(program: Program, language: LanguageCode): ReadonlyMap<string, AskField> {
  const words = wordsIn(language)
  const all = [
    ...builtInFields(program, language, words),
    ...unitFields(program, words),
    ...declaredFields(program, language, words),
    ...answerFields(program, language),
  ]
  return new Map(all.map((field) => [field.id, field]))
}

const onlyResponses: readonly FactKind[] = ['response']

function builtInFields(program: Program, language: LanguageCode, words: Words): AskField[] {
  const field = (
    id: keyof Words['fields'],
    column: string,
    facts: readonly FactKind[],
    labels: Record<string, string> = {},
    type: AskFieldType = 'category',
  ): AskField => ({ id, label: words.fields[id], type, labels, column, facts })
  const names = (things: Record<string, { name: ProgramText }>) =>
    Object.fromEntries(Object.entries(things).map(([id, thing]) => [id, textIn(thing.name, language) ?? id]))
  const people = Object.fromEntries((program.employees ?? []).map(({ key, name }) => [key, name]))
  const questions = questionTexts(program, language)
  return [
    field('at', 'at', factKinds, {}, 'time'),
    field('survey', 'survey', factKinds, names(program.surveys)),
    field('touchpoint', 'touchpoint', factKinds, names(program.touchpoints)),
    field('version', 'version', factKinds),
    { ...field('employee', 'employee', factKinds, people), protects: true },
    field('wayIn', 'way_in', onlyResponses, words.waysIn),
    field('language', 'language', onlyResponses),
    field('trigger', 'trigger', ['response', 'decision']),
    field('hasComment', 'has_comment', onlyResponses, {}, 'boolean'),
    { ...field('question', 'questions', onlyResponses, questions, 'list'), always: true },
    field('lastQuestion', 'last_question', onlyResponses, questions),
    field('decision.outcome', 'outcome', ['decision'], words.outcomes),
    field('decision.reason', 'reason', ['decision']),
    field('decision.trigger', 'trigger', ['decision']),
    field('case.state', 'state', ['case'], words.caseStates),
    field('case.outcome', 'outcome', ['case'], words.caseOutcomes),
    field('case.rule', 'rule', ['case'], ruleNames(program, language)),
    ...loopFields(program, language, words, field),
  ]
}

/** Of each question its text, by `<survey>.<question>`; with its survey where two ask the same. */
function questionTexts(program: Program, language: LanguageCode): Record<string, string> {
  const all = Object.entries(program.surveys).flatMap(([survey, { name, questions }]) =>
    questions.map((question) => ({
      id: `${survey}.${question.id}`,
      text: questionText(question, language),
      survey: textIn(name, language) ?? humanized(survey),
    })),
  )
  const times = Map.groupBy(all, ({ text }) => text)
  return Object.fromEntries(
    all.map(({ id, text, survey }) => [id, times.get(text)!.length > 1 ? `${text} · ${survey}` : text]),
  )
}

function ruleNames({ recovery }: Program, language: LanguageCode): Record<string, string> {
  const named = (recovery?.rules ?? []).flatMap(({ id, label }) => {
    const name = textIn(label, language)
    return name === undefined ? [] : [[id, name]]
  })
  return Object.fromEntries(named)
}

type MakeField = (
  id: keyof Words['fields'],
  column: string,
  facts: readonly FactKind[],
  labels?: Record<string, string>,
  type?: AskFieldType,
) => AskField

/** What closing the loop adds: themes of answers, and what is known of a case. */
function loopFields(program: Program, language: LanguageCode, words: Words, field: MakeField): AskField[] {
  const { recovery, themes = [], employees = [] } = program
  const names = (things: readonly { id: string; name: ProgramText }[] = []) =>
    Object.fromEntries(things.map(({ id, name }) => [id, textIn(name, language) ?? id]))
  const people = Object.fromEntries(employees.map(({ key, name }) => [key, name]))
  const ofCase = (
    id: keyof Words['fields'],
    column: string,
    type: AskFieldType = 'category',
    labels: Record<string, string> = {},
  ) => field(id, column, ['case'], labels, type)
  return [
    { ...field('theme', 'themes', ['response', 'case'], names(themes), 'list'), always: true },
    field('band', 'band', ['response', 'case'], words.bands),
    field('handling', 'handling', onlyResponses, words.handlings),
    field('handling.reason', 'handling_reason', onlyResponses),
    field('praised', 'praised', onlyResponses, {}, 'boolean'),
    { ...field('promoter', 'promoted', onlyResponses, {}, 'list'), always: true },
    { ...field('promoter.outcome', 'promoted_to', onlyResponses, {}, 'list'), always: true },
    // A rule that names no reason is its own.
    ofCase('case.reason', 'case_reason', 'category', ruleNames(program, language)),
    ofCase('case.band', 'band', 'category', words.bands),
    ofCase('case.channel', 'channel', 'category', words.channels),
    ofCase('case.recommended', 'recommended', 'category', words.channels),
    ofCase('case.owner', 'owner', 'category', people),
    ofCase('case.dueOwner', 'due_owner', 'category', people),
    ofCase('case.cause', 'cause', 'category', names(recovery?.causes)),
    ofCase('case.action', 'action', 'category', names(recovery?.actions)),
    ofCase('case.valueSegment', 'value_segment', 'category', segmentNames(program.value?.segments, language)),
    ofCase('case.trial', 'trial'),
    ofCase('case.trialArm', 'trial_arm', 'category', words.arms),
    ofCase('case.hasComment', 'has_comment', 'boolean'),
    ofCase('case.decisionMaker', 'decision_maker', 'boolean'),
    ofCase('case.highValue', 'high_value', 'boolean'),
    ofCase('case.priorityTheme', 'priority_theme', 'boolean'),
    ofCase('case.missed', 'missed', 'boolean'),
    ofCase('case.missedAgain', 'missed_again', 'boolean'),
    ofCase('case.inTime', 'in_time', 'boolean'),
    ofCase('case.escalated', 'escalated', 'boolean'),
    ofCase('case.forwarded', 'forwarded', 'boolean'),
    ofCase('case.reopened', 'reopened', 'boolean'),
    ofCase('case.joined', 'joined', 'boolean'),
    ofCase('case.solvedByCustomer', 'solved_by_customer', 'boolean'),
    ofCase('case.attempts', 'attempts', 'number'),
    ofCase('case.hoursToContact', 'hours_to_contact', 'number'),
    ofCase('case.churnBefore', 'churn_before', 'number'),
    ofCase('case.churnAfter', 'churn_after', 'number'),
    ofCase('case.priority', 'priority', 'number'),
    ofCase('case.contactDueAt', 'contact_due_at', 'time'),
    ofCase('case.contactedAt', 'contacted_at', 'time'),
    ofCase('case.closedAt', 'closed_at', 'time'),
  ]
}

function unitFields(program: Program, words: Words): AskField[] {
  const { levels = [], list = [] } = program.units ?? {}
  const labels = Object.fromEntries(list.map(({ key, name }) => [key, name]))
  const leaf: AskField = {
    id: 'unit',
    label: words.unit,
    type: 'category',
    labels,
    column: 'unit',
    facts: factKinds,
  }
  return [
    leaf,
    ...levels.map((level) => ({
      ...leaf,
      id: `unit.${level}`,
      label: humanized(level),
      column: levelColumn(level),
      values: list.filter((unit) => unit.level === level).map((unit) => unit.key),
      closed: true,
    })),
  ]
}

function declaredFields(program: Program, language: LanguageCode, words: Words): AskField[] {
  const contactName = contactNameOf(program)
  return fieldScopes(program).flatMap(({ scope, fields }) =>
    fields.flatMap(([name, declared]): AskField[] => {
      const label = textIn(declared.label, language) ?? humanized(name)
      const id = `${scope === 'contact' ? contactName : scope}.${name}`
      const now: AskField = {
        id,
        label,
        type: declared.type as FieldType,
        labels: Object.fromEntries(
          Object.keys(declared.labels ?? {}).map((value) => [value, valueLabel(declared, value, language)]),
        ),
        column: fieldColumn('now', scope, name),
        facts: factKinds,
        ...(declared.values ? { values: declared.values } : {}),
      }
      const frozen = {
        ...now,
        id: `${id}@frozen`,
        label: `${label} (${words.frozen})`,
        column: fieldColumn('frozen', scope, name),
      }
      return [now, frozen]
    }),
  )
}

function answerFields(program: Program, language: LanguageCode): AskField[] {
  return Object.entries(program.surveys).flatMap(([survey, { questions }]) =>
    questions.flatMap((question): AskField[] => {
      // What people wrote stays in the truth.
      if (question.kind === 'text') return []
      const { type, values } = answerField(question)
      const choices = 'choices' in question ? question.choices : []
      return [
        {
          id: `answers.${survey}.${question.id}`,
          label: textIn(question.text, language) ?? humanized(question.id),
          type: type as AskFieldType,
          labels: Object.fromEntries(
            choices.map(({ value, text }) => [value, textIn(text, language) ?? value]),
          ),
          column: answerColumn(survey, question.id),
          facts: onlyResponses,
          ...(values ? { values: [...values] } : {}),
        },
      ]
    }),
  )
}
