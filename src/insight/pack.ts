import type { AskField } from './fields.ts'
import { identifier, type Parameters } from './parameters.ts'

export interface Packed {
  /** One whole number for all the keys of a group. */
  key: string
  unpack(key: number): { by: (string | null)[]; period?: string }
}

const radix = 65_536
const millisecondsADay = 86_400_000

/** Several keys of a group as one number, where all values of each are known: grouping by a text and a date at once
 * costs the column store twice as much as by one number (docs/decisions/0005-facts.md).
 * @param period the first day of the period, in SQL
 * @returns undefined when there is but one key, or a field has values that the program does not list
 */
export function packKeys(
  by: readonly AskField[],
  period: string | undefined,
  parameters: Parameters,
): Packed | undefined {
  if (by.length === 0 || by.length + (period ? 1 : 0) < 2) return undefined
  const lists = by.map((field) => (field.closed ? (field.values ?? []) : []))
  if (lists.some((values) => values.length === 0 || values.length >= radix)) return undefined
  // Codes begin at 1; 0 is a row without a value. The cast takes the codes out of the dictionary once a value.
  const codes = by.map((field, index) => {
    const values = parameters.add('Array(String)', lists[index])
    const column = identifier(field.column)
    return `toUInt64(assumeNotNull(cast(transform(${column}, ${values}, range(toUInt16(1), toUInt16(${lists[index]!.length + 1})), toUInt16(0)) as Nullable(UInt16))))`
  })
  const parts = [...codes, ...(period ? [`toUInt16(${period})`] : [])]
  return {
    key: parts.reduce((sum, part) => `(${sum} * ${radix} + ${part})`),
    unpack(key) {
      let rest = key
      const take = () => {
        const last = rest % radix
        rest = Math.floor(rest / radix)
        return last
      }
      const days = period ? take() : undefined
      const values = lists.map(() => null as string | null)
      for (let index = lists.length - 1; index >= 0; index--)
        values[index] = lists[index]![take() - 1] ?? null
      return {
        by: values,
        ...(days === undefined
          ? {}
          : { period: new Date(days * millisecondsADay).toISOString().slice(0, 10) }),
      }
    },
  }
}
