// For: tying cases or answers to what is being improved. In: which, and what they are about.
// Out: a dialog that chooses an improvement there is, or proposes a new one that is tied to them from the start.
import { Button, Modal, Select } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { post } from '../../api/client.ts'
import { improvementsQuery } from '../../api/loopQueries.ts'
import { Fault } from '../../parts/Wrong.tsx'
import { useWords } from '../../words/words.ts'
import type { Plan } from './Form.tsx'
import { Propose } from './Propose.tsx'

export function LinkDialog(props: {
  opened: boolean
  things: { caseIds?: string[]; responseIds?: string[] }
  start?: Partial<Plan>
  /** Improvements they are tied to already. */
  except?: readonly string[]
  onClose: () => void
  /** It is told which improvement they are tied to now. */
  onLinked?: (improvement: { id: string; title: string }) => void
}) {
  const words = useWords()
  const client = useQueryClient()
  const [proposing, setProposing] = useState(false)
  const [chosen, setChosen] = useState<string | null>(null)
  const all = useQuery({ ...improvementsQuery({}), enabled: props.opened })
  const others = (all.data ?? []).filter(({ improvementId }) => !props.except?.includes(improvementId))
  const close = () => {
    setProposing(false)
    setChosen(null)
    props.onClose()
  }
  const link = useMutation({
    mutationFn: () => post(`/v1/improvements/${encodeURIComponent(chosen ?? '')}/link`, props.things),
    onSuccess: async () => {
      const title = others.find(({ improvementId }) => improvementId === chosen)?.title
      if (chosen && title) props.onLinked?.({ id: chosen, title })
      close()
      await client.invalidateQueries({ queryKey: ['improvements'] })
    },
  })
  return (
    <>
      <Modal
        opened={props.opened && !proposing}
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
              // Its list would cover the other way, to propose a new one.
              openOnFocus={false}
              data-autofocus
            />
          )}
          <Fault error={link.error} />
          <div className="case-buttons">
            <Button disabled={chosen === null} loading={link.isPending} onClick={() => link.mutate()}>
              {words.improve.link}
            </Button>
            <Button variant="default" onClick={() => setProposing(true)}>
              {words.improve.proposeInstead}
            </Button>
          </div>
        </div>
      </Modal>
      <Propose
        opened={props.opened && proposing}
        things={props.things}
        {...(props.start ? { start: props.start } : {})}
        onClose={close}
        onMade={({ improvementId, title }) => {
          props.onLinked?.({ id: improvementId, title })
          close()
        }}
      />
    </>
  )
}
