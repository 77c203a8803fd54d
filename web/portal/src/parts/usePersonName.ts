import { useQuery } from '@tanstack/react-query'
import { peopleQuery } from '../api/queries.ts'
import { useMay } from '../api/useMay.ts'
import { useWords } from '../words/words.ts'

/** What somebody is called whom a filter or a number names by id. */
export function usePersonName(): (id: string) => string {
  const words = useWords()
  // Whoever may not see cases reads the id, which is all they are told.
  const may = useMay('cases:read')
  const people = useQuery({ ...peopleQuery, enabled: may })
  return (id) =>
    id === 'none'
      ? words.cases.noOwner
      : id === 'me'
        ? words.desk.me
        : (people.data?.find((each) => each.id === id)?.name ?? id)
}
