// For: who is worth what and how they like it. In: a cell in the address. Out: the matrix, the people of the cell, the model.
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Failure } from '../api/client.ts'
import { programQuery } from '../api/queries.ts'
import { matrixQuery } from '../api/valueQueries.ts'
import type { CellChoice } from '../api/valueWire.ts'
import { EmptyState } from '../parts/EmptyState.tsx'
import { Waiting } from '../parts/Waiting.tsx'
import { Wrong } from '../parts/Wrong.tsx'
import { Page } from '../shell/Page.tsx'
import { useFormats } from '../words/format.ts'
import { useWords } from '../words/words.ts'
import { NoProgram, programMissing, ToProgram } from './empty.tsx'
import { CellPeople } from './value/CellPeople.tsx'
import { MatrixCard, QuadrantCards } from './value/Matrix.tsx'
import { Model } from './value/Model.tsx'

const example = `value:
  of: contact
  payments: [{ transaction: order, amount: amount, at: deliveredAt }]
  margin: 0.5
  period: P1Y
  discount: 0.1
  churn: { after: P400D, within: P1Y }`

export default function Value() {
  const words = useWords()
  const formats = useFormats()
  const choice = useSearch({ from: '/shell/value' })
  const go = useNavigate({ from: '/value' })
  const program = useQuery(programQuery)
  const none = program.data?.hasValue === false
  // Values are reckoned every night; before the first there is nothing to show, which is no failure.
  const matrix = useQuery({ ...matrixQuery, enabled: program.data?.hasValue ?? false })
  const unreckoned = matrix.error instanceof Failure && matrix.error.status === 404
  const choose = (next: CellChoice) => void go({ to: '.', search: next, resetScroll: false })
  if (programMissing(program.error))
    return (
      <Page title={words.value.title}>
        <NoProgram />
      </Page>
    )
  return (
    <Page title={words.value.title} lead={none || unreckoned ? undefined : words.value.lead} wide>
      {none && (
        <EmptyState title={words.value.none} help={words.value.noneHelp} code={example}>
          <ToProgram />
        </EmptyState>
      )}
      {program.isError && <Wrong error={program.error} again={() => void program.refetch()} />}
      {unreckoned && <EmptyState title={words.value.none} help={words.value.unreckoned} />}
      {matrix.isError && !unreckoned && <Wrong error={matrix.error} again={() => void matrix.refetch()} />}
      {matrix.isPending && !none && !program.isError && <Waiting lines={8} />}
      {matrix.data && (
        <>
          <QuadrantCards matrix={matrix.data} choice={choice} onChoose={choose} />
          <MatrixCard matrix={matrix.data} choice={choice} onChoose={choose} />
          <p className="silent">
            {words.value.asOf(formats.day(matrix.data.asOf), formats.plain(matrix.data.left))}
          </p>
          <CellPeople
            key={JSON.stringify(choice)}
            matrix={matrix.data}
            choice={choice}
            onClear={() => choose({})}
          />
          <Model program={program.data} />
        </>
      )}
    </Page>
  )
}
