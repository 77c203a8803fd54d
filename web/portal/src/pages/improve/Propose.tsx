import { Modal } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { post } from '../../api/client.ts'
import type { ImprovementDetail } from '../../api/loopWire.ts'
import { meQuery } from '../../api/queries.ts'
import { useWords } from '../../words/words.ts'
import { emptyPlan, type Plan, PlanForm } from './Form.tsx'

/** A new improvement; from a case or an answer it is tied to that from the start. */
export function Propose(props: {
  opened: boolean
  start?: Partial<Plan>
  things?: { caseIds?: string[]; responseIds?: string[] }
  onClose: () => void
  onMade: (made: ImprovementDetail) => void
}) {
  const words = useWords()
  const client = useQueryClient()
  const me = useQuery(meQuery)
  const make = useMutation({
    mutationFn: (plan: Plan) => post<ImprovementDetail>('/v1/improvements', { ...plan, ...props.things }),
    onSuccess: async (made) => {
      await client.invalidateQueries({ queryKey: ['improvements'] })
      props.onMade(made)
    },
  })
  return (
    <Modal
      opened={props.opened}
      onClose={props.onClose}
      title={words.improve.propose}
      size="lg"
      closeButtonProps={{ 'aria-label': words.common.close }}
    >
      <PlanForm
        // Whoever is narrowed to a unit proposes for that one, and may not for all.
        start={{ ...emptyPlan, unit: me.data?.unitKey ?? null, ...props.start }}
        send={words.improve.proposeIt}
        working={make.isPending}
        error={make.error}
        onSend={(plan) => make.mutate(plan)}
        onCancel={props.onClose}
      />
    </Modal>
  )
}
