import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { programQuery } from '../../api/queries.ts'
import type { AccountPerson } from '../../api/valueWire.ts'
import { Given } from '../../parts/Score.tsx'
import { useFormats } from '../../words/format.ts'
import { useWords } from '../../words/words.ts'
import { useFieldValue } from './Facts.tsx'

const most = 8

/** The people of an account: who they are there, what they said last, what is open with them. */
export function People(props: { people: AccountPerson[]; title: string; except?: string }) {
  const words = useWords()
  const formats = useFormats()
  const program = useQuery(programQuery)
  const fieldValue = useFieldValue(program.data, program.data?.contactName)
  const [all, setAll] = useState(false)
  const people = props.people.filter(({ id }) => id !== props.except)
  if (people.length === 0) return null
  const shown = all ? people : people.slice(0, most)
  return (
    <section className="known">
      <h3>{props.title}</h3>
      <ul className="score-lines">
        {shown.map((person) => (
          <li key={person.id}>
            <Given score={person.lastScore} />
            <span className="score-name">
              <Link to="/customers/$id" params={{ id: person.id }}>
                {person.name ?? person.key}
              </Link>
              <small>
                {[
                  ...Object.entries(person.values).map(([field, is]) => fieldValue(field, is)),
                  person.lastAnswerAt ? formats.ago(person.lastAnswerAt) : words.account.noScore,
                  person.unsubscribed ? words.account.unsubscribed : '',
                ]
                  .filter(Boolean)
                  .join(' · ')}
              </small>
            </span>
            {person.openCases > 0 && (
              <span className="left">{words.health.open(formats.plain(person.openCases))}</span>
            )}
          </li>
        ))}
      </ul>
      {shown.length < people.length && (
        <button type="button" className="text-button" onClick={() => setAll(true)}>
          {words.common.more}
        </button>
      )}
    </section>
  )
}
