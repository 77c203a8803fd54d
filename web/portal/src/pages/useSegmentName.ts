import { useQuery } from '@tanstack/react-query'
import { segmentNames } from '../../../../src/program/segmentNames.ts'
import { programQuery } from '../api/queries.ts'
import { readable } from '../words/format.ts'
import { useSpeech } from '../words/words.ts'

/** What a value segment is called, by its id, in the reader's language. */
export function useSegmentName(): (id: string) => string {
  const { language } = useSpeech()
  const program = useQuery(programQuery)
  const names = segmentNames(program.data?.segments, language)
  return (id) => names[id] ?? readable(id)
}
