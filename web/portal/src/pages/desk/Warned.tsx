import type { CaseDone } from '../../api/wire.ts'
import { useFormats } from '../../words/format.ts'
import { useWords } from '../../words/words.ts'

/** What was done all the same, and whoever did it should know. */
export function Warned(props: { warnings: CaseDone['warnings'] | undefined }) {
  const words = useWords()
  const formats = useFormats()
  if (!props.warnings?.length) return null
  return (
    <p className="quiet" role="status">
      {props.warnings.map(({ name, until }) => words.desk.givenAway(name, formats.moment(until))).join(' ')}
    </p>
  )
}
