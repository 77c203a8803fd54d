import { compileCondition, type VariableExtras, type Variables, variableMaker } from './conditions.ts'
import type { Context } from './context.ts'
import type { Program } from './schema.ts'
import { contactNameOf } from './scope.ts'

/** A program that passed every check, ready to be used: one object a version, shared by all who use it. */
export interface CheckedProgram {
  readonly program: Program
  /** Content hash: 16 hexadecimal digits. */
  readonly version: string
  /** What conditions call the contact: customer, guest, donor. */
  readonly contactName: string
  /** Compiles a condition once. @throws ConditionFailed when it is no CEL, or when judged and a part is missing */
  condition(cel: string): (variables: Variables) => boolean
  /** Variables for conditions. Field times become Date; a field that is absent is no property. */
  variables(context: Context, extras: VariableExtras): Variables
}

const mostConditions = 2000

/** @param program one that checkProgram found without fault */
export function checkedProgram(program: Program, version: string): CheckedProgram {
  const conditions = new Map<string, (variables: Variables) => boolean>()
  return {
    program,
    version,
    contactName: contactNameOf(program),
    condition(cel) {
      let compiled = conditions.get(cel)
      if (compiled) return compiled
      compiled = compileCondition(cel)
      // A program has few; conditions that people type besides must not pile up.
      if (conditions.size >= mostConditions) conditions.clear()
      conditions.set(cel, compiled)
      return compiled
    },
    variables: variableMaker(program),
  }
}
