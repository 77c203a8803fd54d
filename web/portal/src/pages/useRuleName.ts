import { useQuery } from '@tanstack/react-query'
import { programQuery } from '../api/queries.ts'
import { readable, useFormats } from '../words/format.ts'
import { useWords } from '../words/words.ts'

/** What a rule of the recovery policy is called, by its id: as the program labels it, else the id made readable; a
 * reason is called as its rule where it has no other name. */
export function useRuleName(): (id: string) => string {
  const words = useWords()
  const formats = useFormats()
  const program = useQuery(programQuery)
  return (id) => {
    if (id === 'selected') return words.value.byHand
    return formats.text(program.data?.rules.find((rule) => rule.id === id)?.label, readable(id))
  }
}
