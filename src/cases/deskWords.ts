import type { CheckedProgram } from '../program/checked.ts'
import { textIn } from '../program/question.ts'
import type { ProgramText } from '../program/schema.ts'
import { channels } from '../program/schema-recovery.ts'
import type { Tx } from '../storage/postgres.ts'
import { caseOutcomes } from './standing.ts'

/** What the desk shows of a program's recovery policy, in a language. */
export async function deskPolicy(tx: Tx, { program }: CheckedProgram, language: string) {
  const { recovery } = program
  const told = (text: ProgramText | undefined, id: string) => textIn(text, language) || id
  const tree = (list: ReadonlyArray<{ id: string; name: ProgramText; parent?: string | undefined }> = []) =>
    list.map(({ id, name, parent }) => ({ id, name: told(name, id), parent: parent ?? null }))
  const segments = await tx.query<{ segment: string }>(
    `select distinct value_segment as segment from cases where state <> 'closed' and value_segment is not null order by 1`,
  )
  const rules = recovery?.rules ?? []
  return {
    rules: rules.map((rule) => ({
      id: rule.id,
      label: told(rule.label, rule.id),
      handle: rule.handle ?? 'case',
      reason: rule.reason ?? rule.id,
      firstContact: rule.firstContact ?? 'PT48H',
      hours: rule.hours ?? 'clock',
      template: rule.template ?? null,
    })),
    reasons: [...new Set(rules.map((rule) => rule.reason ?? rule.id))],
    causes: tree(recovery?.causes),
    actions: tree(recovery?.actions),
    themes: tree(program.themes),
    templates: Object.entries(recovery?.templates ?? {}).map(([id, template]) => ({
      id,
      name: textIn(template.name, language) || textIn(template.subject, language) || id,
      subject: textIn(template.subject, language),
      body: textIn(template.body, language),
    })),
    targets: (recovery?.targets ?? []).map(({ share, label, where, atLeast, atMost }) => ({
      share,
      label: told(label, share),
      where: where ?? null,
      atLeast: atLeast ?? null,
      atMost: atMost ?? null,
    })),
    channels: [...channels],
    outcomes: [...caseOutcomes],
    bands: ['strongDetractor', 'detractor', 'passive', 'promoter'],
    segments: segments.map(({ segment }) => segment),
    currency: program.workspace.currency ?? null,
    followUp: recovery?.followUp
      ? { survey: recovery.followUp.survey, after: recovery.followUp.after ?? 'P3D' }
      : null,
    causeNeeded: (recovery?.causes?.length ?? 0) > 0,
  }
}

/** A theme and those that are part of it, at whatever depth. */
export function themeAndParts({ program }: CheckedProgram, theme: string): string[] {
  const found = new Set([theme])
  for (let before = 0; before < found.size; ) {
    before = found.size
    for (const { id, parent } of program.themes ?? []) if (parent && found.has(parent)) found.add(id)
  }
  return [...found]
}
