// For: telling the customer how far a plan has come. In: the plan, who can be told. Out: a mail seen before it is sent.
import { Button, Modal, Select, Textarea, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { post } from '../../api/client.ts'
import { planQuery } from '../../api/valueQueries.ts'
import type { Plan, PlanDetail } from '../../api/valueWire.ts'
import { Fault } from '../../parts/Wrong.tsx'
import { useFormats } from '../../words/format.ts'
import { useWords } from '../../words/words.ts'

/** Somebody who can be told. */
export interface Reader {
  id: string
  name: string
  email: string | null
}

export function TellPlan(props: { plan: Plan; readers: Reader[]; opened: boolean; onClose: () => void }) {
  const words = useWords()
  return (
    <Modal
      opened={props.opened}
      onClose={props.onClose}
      title={words.plan.tell.replace(/ ?…$/, '')}
      size="lg"
      closeButtonProps={{ 'aria-label': words.common.close }}
    >
      <Letter {...props} />
    </Modal>
  )
}

function Letter(props: { plan: Plan; readers: Reader[]; onClose: () => void }) {
  const words = useWords()
  const formats = useFormats()
  const client = useQueryClient()
  const { plan, readers } = props
  const whole = useQuery(planQuery(plan.planId))
  const [to, setTo] = useState<string | null>(plan.contact?.id ?? readers[0]?.id ?? null)
  const [subject, setSubject] = useState(words.plan.subjectOf(plan.title))
  const [body, setBody] = useState('')
  const tell = useMutation({
    mutationFn: () =>
      post<{ withheld: string | null; plan: PlanDetail }>(`/v1/plans/${plan.planId}/followups`, {
        subject: subject.trim(),
        body: body.trim(),
        ...(to ? { contactId: to } : {}),
      }),
    onSettled: () => client.invalidateQueries({ queryKey: ['plans'] }),
  })
  const reader = readers.find(({ id }) => id === to)
  const ready = to !== null && subject.trim() !== '' && body.trim() !== ''
  return (
    <div className="deed">
      <Select
        label={words.plan.to}
        data={readers.map(({ id, name, email }) => ({
          value: id,
          label: email ? `${name} <${email}>` : name,
        }))}
        value={to}
        onChange={setTo}
        allowDeselect={false}
        disabled={plan.contact !== null}
      />
      <TextInput
        label={words.plan.subject}
        value={subject}
        maxLength={300}
        onChange={(event) => setSubject(event.currentTarget.value)}
      />
      <Textarea
        label={words.plan.body}
        autosize
        minRows={3}
        value={body}
        data-autofocus
        onChange={(event) => setBody(event.currentTarget.value)}
      />
      <section className="letter" aria-label={words.plan.preview}>
        <p className="quiet">
          {words.plan.preview} · {reader?.email ?? reader?.name ?? ''}
        </p>
        <h4>{subject}</h4>
        {body && <p className="mail-said">{body}</p>}
        <dl>
          {plan.items
            .filter(({ state }) => state !== 'dropped')
            .map((item) => (
              <div key={item.itemId}>
                <dt>{item.what}</dt>
                <dd>
                  {words.plan.states[item.state]}
                  {item.dueOn && item.state !== 'done' && `, ${words.plan.by(formats.utcDay(item.dueOn))}`}
                </dd>
              </div>
            ))}
        </dl>
        <p className="foot">{words.plan.previewHelp}</p>
      </section>
      <Fault error={tell.error} />
      {tell.data && (
        <p role="status" className={tell.data.withheld ? 'fault' : 'real'}>
          {tell.data.withheld
            ? words.plan.withheld(words.plan.reasons[tell.data.withheld] ?? tell.data.withheld)
            : words.plan.sent}
        </p>
      )}
      <div className="case-buttons">
        {tell.data && !tell.data.withheld ? (
          <Button onClick={props.onClose}>{words.common.close}</Button>
        ) : (
          <Button disabled={!ready} loading={tell.isPending} onClick={() => tell.mutate()}>
            {words.plan.send}
          </Button>
        )}
      </div>
      {(whole.data?.mails.length ?? 0) > 0 && (
        <ul className="quiet">
          {whole.data?.mails.map((mail) => (
            <li key={mail.mailId}>
              {mail.state === 'withheld'
                ? words.plan.withheld(words.plan.reasons[mail.reason ?? ''] ?? mail.reason ?? '')
                : words.plan.told(formats.ago(mail.sendAt), mail.contactName ?? '')}
              {' · '}
              {mail.subject}
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
