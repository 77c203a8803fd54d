import { Button } from '@mantine/core'
import { Failure } from '../api/client.ts'
import type { Words } from '../words/shape.ts'
import { useWords } from '../words/words.ts'

/** What to do about a failure, in the reader's language; the server's own words where it knows better. */
export function remedy(error: unknown, words: Words): string {
  if (!(error instanceof Failure)) return words.failure.server
  if (error.status === 0) return words.failure.contact
  if (error.status === 403) return words.failure.denied
  if (error.status === 404) return words.failure.unknown
  if (error.status === 429) return words.failure.tooMany
  if (error.status >= 500) return words.failure.server
  return error.message
}

/** Asking again gives the same: it is not allowed, or not there. */
const isSettled = (error: unknown) =>
  error instanceof Failure && (error.status === 403 || error.status === 404)

export function Wrong(props: { error: unknown; again?: () => void }) {
  const words = useWords()
  const said = remedy(props.error, words)
  const faults =
    props.error instanceof Failure ? props.error.faults.filter((each) => !said.includes(each.message)) : []
  return (
    <div className="wrong" role="alert">
      <strong>{words.failure.title}</strong>
      <p>{said}</p>
      {faults.length > 0 && (
        <ul>
          {faults.map((fault) => (
            <li key={`${fault.where} ${fault.message}`}>
              {fault.where ? `${fault.where}: ` : ''}
              {fault.message}
            </li>
          ))}
        </ul>
      )}
      {props.again && !isSettled(props.error) && (
        <Button variant="default" size="compact-sm" onClick={props.again}>
          {words.common.tryAgain}
        </Button>
      )}
    </div>
  )
}

/** A line under a form that could not be sent; `told` says it better than the failure itself can. */
export function Fault(props: { error: unknown; told?: string | undefined }) {
  const words = useWords()
  if (!props.error) return null
  return (
    <p className="fault" role="alert">
      {props.told ?? remedy(props.error, words)}
    </p>
  )
}
