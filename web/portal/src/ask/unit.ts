import type { Program } from '../api/wire.ts'

/** The unit and all below it: units of a level are compared by their key at that level. */
export function unitCondition(key: string, program: Program): string {
  const unit = program.units?.find((each) => each.key === key)
  return unit ? `unit.${unit.level} == ${JSON.stringify(unit.key)}` : `unit == ${JSON.stringify(key)}`
}
