// For: finding a customer. In: a search in the address. Out: the found, and the one that is open beside them.
import { useQuery } from '@tanstack/react-query'
import { customersQuery, programQuery } from '../api/queries.ts'
import { useWords } from '../words/words.ts'
import { Finder } from './customer/Finder.tsx'
import { placeOf } from './overviewCards.tsx'

export default function Customers() {
  const words = useWords()
  const program = useQuery(programQuery)
  return (
    <Finder
      at="/customers"
      find={customersQuery}
      said={words.customers}
      row={({ name, key, account, email, unit }) => ({
        name: name ?? key ?? words.common.noName,
        about: [account, email, placeOf(unit, program.data)],
      })}
    />
  )
}
