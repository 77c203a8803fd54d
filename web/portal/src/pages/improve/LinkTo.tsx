// For: tying a case or an answer to what is being improved, from its own page.
// In: the case or answer, and what it is about. Out: the improvements it is tied to, and a way to tie it to one.
import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { improvementsQuery } from '../../api/loopQueries.ts'
import { useMay } from '../../api/useMay.ts'
import { useWords } from '../../words/words.ts'
import type { Plan } from './Form.tsx'
import { LinkDialog } from './LinkDialog.tsx'

type Thing = { caseId: string } | { responseId: string }

export function LinkTo(props: { thing: Thing; start?: Partial<Plan> }) {
  const words = useWords()
  const mayRead = useMay('cases:read')
  const mayWrite = useMay('cases:write')
  const { thing } = props
  const of = 'caseId' in thing ? { case: thing.caseId } : { response: thing.responseId }
  const ids = 'caseId' in thing ? { caseIds: [thing.caseId] } : { responseIds: [thing.responseId] }
  const linked = useQuery({ ...improvementsQuery(of), enabled: mayRead })
  const [open, setOpen] = useState(false)
  if (!mayRead || (!mayWrite && !linked.data?.length)) return null
  return (
    <section className="link-to">
      <h3>{words.improve.leadsTo}</h3>
      {linked.data && linked.data.length > 0 && (
        <ul className="short-list">
          {linked.data.map((each) => (
            <li key={each.improvementId}>
              <Link to="/improvements/$id" params={{ id: each.improvementId }}>
                {each.title}
              </Link>{' '}
              <span className="tag">{words.improve.states[each.state]}</span>
            </li>
          ))}
        </ul>
      )}
      {mayWrite && (
        <Button variant="default" size="compact-sm" onClick={() => setOpen(true)}>
          {words.improve.linkTo}
        </Button>
      )}
      <LinkDialog
        opened={open}
        things={ids}
        {...(props.start ? { start: props.start } : {})}
        except={(linked.data ?? []).map(({ improvementId }) => improvementId)}
        onClose={() => setOpen(false)}
      />
    </section>
  )
}
