// For: tying a case or an answer to what is being improved, from its own page.
// In: the case or answer, and what it is about. Out: the improvements it is tied to, and a way to tie it to one.
import { Button, Modal, Select } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { post } from '../../api/client.ts'
import { improvementsQuery } from '../../api/loopQueries.ts'
import { useMay } from '../../api/useMay.ts'
import { Fault } from '../../parts/Wrong.tsx'
import { useWords } from '../../words/words.ts'
import type { Plan } from './Form.tsx'
import { Propose } from './Propose.tsx'

type Thing = { caseId: string } | { responseId: string }

export function LinkTo(props: { thing: Thing; start?: Partial<Plan> }) {
  const words = useWords()
  const client = useQueryClient()
  const mayRead = useMay('cases:read')
  const mayWrite = useMay('cases:write')
  const { thing } = props
  const of = 'caseId' in thing ? { case: thing.caseId } : { response: thing.responseId }
  const ids = 'caseId' in thing ? { caseIds: [thing.caseId] } : { responseIds: [thing.responseId] }
  const linked = useQuery({ ...improvementsQuery(of), enabled: mayRead })
  const [open, setOpen] = useState<'link' | 'propose' | null>(null)
  const [chosen, setChosen] = useState<string | null>(null)
  const all = useQuery({ ...improvementsQuery({}), enabled: open === 'link' })
  const others = (all.data ?? []).filter(
    (each) => !linked.data?.some(({ improvementId }) => improvementId === each.improvementId),
  )
  const close = () => {
    setOpen(null)
    setChosen(null)
  }
  const link = useMutation({
    mutationFn: () => post(`/v1/improvements/${encodeURIComponent(chosen ?? '')}/link`, ids),
    onSuccess: async () => {
      close()
      await client.invalidateQueries({ queryKey: ['improvements'] })
    },
  })
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
        <Button variant="default" size="compact-sm" onClick={() => setOpen('link')}>
          {words.improve.linkTo}
        </Button>
      )}
      <Modal
        opened={open === 'link'}
        onClose={close}
        title={words.improve.linkTo}
        closeButtonProps={{ 'aria-label': words.common.close }}
      >
        <div className="deed">
          {all.data && others.length === 0 ? (
            <p className="quiet">{words.improve.noneToLink}</p>
          ) : (
            <Select
              label={words.improve.which}
              searchable
              data={others.map((each) => ({
                value: each.improvementId,
                label: `${each.title} · ${words.improve.states[each.state]}`,
              }))}
              value={chosen}
              onChange={setChosen}
              data-autofocus
            />
          )}
          <Fault error={link.error} />
          <div className="case-buttons">
            <Button disabled={chosen === null} loading={link.isPending} onClick={() => link.mutate()}>
              {words.improve.link}
            </Button>
            <Button variant="default" onClick={() => setOpen('propose')}>
              {words.improve.proposeInstead}
            </Button>
          </div>
        </div>
      </Modal>
      <Propose
        opened={open === 'propose'}
        things={ids}
        {...(props.start ? { start: props.start } : {})}
        onClose={close}
        onMade={close}
      />
    </section>
  )
}
