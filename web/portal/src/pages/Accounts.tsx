// For: finding a company or household. In: a search in the address. Out: the found, and the one that is open beside them.
import { useQuery } from '@tanstack/react-query'
import { programQuery } from '../api/queries.ts'
import { accountsQuery } from '../api/valueQueries.ts'
import { useFormats } from '../words/format.ts'
import { useWords } from '../words/words.ts'
import { Finder } from './customer/Finder.tsx'
import { placeOf } from './overviewCards.tsx'

export default function Accounts() {
  const words = useWords()
  const formats = useFormats()
  const program = useQuery(programQuery)
  return (
    <Finder
      at="/accounts"
      find={accountsQuery}
      said={words.account}
      row={({ name, key, people, unit, openCases }) => ({
        name: name ?? key,
        about: [words.account.count(formats.plain(people)), placeOf(unit, program.data)],
        end: openCases > 0 && (
          <span className="list-when left">{words.health.open(formats.plain(openCases))}</span>
        ),
      })}
    />
  )
}
