// For: what has been agreed with a customer or an account. In: whose. Out: plans, changed in place; new ones.
import { Button, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { post } from '../../api/client.ts'
import { useMay } from '../../api/useMay.ts'
import { plansQuery } from '../../api/valueQueries.ts'
import type { PlanDetail } from '../../api/valueWire.ts'
import { Fault, Wrong } from '../../parts/Wrong.tsx'
import { useWords } from '../../words/words.ts'
import { PlanCard } from './Plan.tsx'
import type { Reader } from './TellPlan.tsx'

/** @param readers who can be told how a plan comes along; the first is proposed */
export function Plans(props: {
  contactId?: string
  accountId?: string
  /** The case a new plan comes from. */
  caseId?: string
  readers: Reader[]
}) {
  const words = useWords()
  const client = useQueryClient()
  const mayRead = useMay('cases:read')
  const mayWrite = useMay('cases:write')
  const { contactId, accountId } = props
  const plans = useQuery({
    ...plansQuery({
      ...(contactId ? { contact: contactId } : {}),
      ...(accountId ? { account: accountId } : {}),
    }),
    enabled: mayRead,
  })
  const [title, setTitle] = useState<string | null>(null)
  const make = useMutation({
    mutationFn: () =>
      post<PlanDetail>('/v1/plans', {
        title: title?.trim(),
        ...(contactId ? { contactId } : {}),
        ...(accountId ? { accountId } : {}),
        ...(props.caseId ? { caseId: props.caseId } : {}),
      }),
    onSuccess: async () => {
      setTitle(null)
      await client.invalidateQueries({ queryKey: ['plans'] })
    },
  })
  if (!mayRead) return null
  return (
    <section className="known">
      <h3>{words.plan.title}</h3>
      {plans.isError && <Wrong error={plans.error} again={() => void plans.refetch()} />}
      {plans.data?.length === 0 && title === null && <p className="quiet">{words.plan.none}</p>}
      {plans.data?.map((plan) => {
        // On the page of an account those of its people stand too, each told to its own person.
        const whose = accountId ? plan.contact : null
        const readers = whose ? props.readers.filter(({ id }) => id === whose.id) : props.readers
        return (
          <div key={plan.planId}>
            {whose && (
              <Link className="quiet" to="/customers/$id" params={{ id: whose.id }}>
                {whose.name ?? words.common.noName}
              </Link>
            )}
            <PlanCard plan={plan} readers={readers} mayWrite={mayWrite} />
          </div>
        )
      })}
      {mayWrite && title === null && (
        <Button size="compact-sm" variant="default" onClick={() => setTitle('')}>
          {words.plan.make}
        </Button>
      )}
      {title !== null && (
        <form
          className="plan-new"
          onSubmit={(event) => {
            event.preventDefault()
            if (title.trim()) make.mutate()
          }}
        >
          <TextInput
            label={words.plan.name}
            value={title}
            maxLength={300}
            data-autofocus
            autoFocus
            onChange={(event) => setTitle(event.currentTarget.value)}
          />
          <Fault error={make.error} />
          <div className="case-buttons">
            <Button type="submit" disabled={!title.trim()} loading={make.isPending}>
              {words.plan.create}
            </Button>
            <Button variant="default" onClick={() => setTitle(null)}>
              {words.plan.cancel}
            </Button>
          </div>
        </form>
      )}
    </section>
  )
}
