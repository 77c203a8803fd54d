// For: webhooks. In: what an admin writes. Out: places that are told by signed posts; a secret shown once.
import { Button, Menu, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { post, send } from '../../api/client.ts'
import { webhooksQuery } from '../../api/loopQueries.ts'
import type { Webhook } from '../../api/loopWire.ts'
import { Card } from '../../parts/Card.tsx'
import { Copyable } from '../../parts/Copyable.tsx'
import { Waiting } from '../../parts/Waiting.tsx'
import { Fault, Wrong } from '../../parts/Wrong.tsx'
import { useFormats } from '../../words/format.ts'
import { useWords } from '../../words/words.ts'
import { EventsField, UnitField } from './fields.tsx'
import { Target } from './Target.tsx'

export function Webhooks() {
  const words = useWords()
  const hooks = useQuery(webhooksQuery)
  const [open, setOpen] = useState<string | null>(null)
  const said = words.hooks
  return (
    <Card title={said.webhooks}>
      <p className="quiet">{said.webhooksLead}</p>
      {hooks.isError && <Wrong error={hooks.error} again={() => void hooks.refetch()} />}
      {hooks.isPending && <Waiting lines={2} />}
      <ul className="hook-list">
        {hooks.data?.map((hook) => (
          <OneWebhook
            key={hook.webhookId}
            hook={hook}
            editing={open === hook.webhookId}
            onEdit={(editing) => setOpen(editing ? hook.webhookId : null)}
          />
        ))}
      </ul>
      <NewWebhook />
    </Card>
  )
}

function OneWebhook(props: { hook: Webhook; editing: boolean; onEdit: (editing: boolean) => void }) {
  const words = useWords()
  const formats = useFormats()
  const client = useQueryClient()
  const { hook } = props
  const said = words.hooks
  const path = `/v1/webhooks/${encodeURIComponent(hook.webhookId)}`
  const again = () => client.invalidateQueries({ queryKey: ['hooks'] })
  const rotate = useMutation({
    mutationFn: () => post<{ secret: string }>(`${path}/secret`),
    onSettled: again,
  })
  const change = useMutation({
    mutationFn: (input: HookInput) => send('PUT', path, input),
    onSuccess: () => props.onEdit(false),
    onSettled: again,
  })
  const overlapping = hook.earlierUntil !== null && new Date(hook.earlierUntil) > new Date()
  return (
    <Target
      id={hook.webhookId}
      path={path}
      name={hook.description || hook.url}
      about={[
        hook.description ? hook.url : '',
        hook.events.map((each) => said.eventNames[each] ?? each).join(', '),
        hook.unitKey ?? '',
        overlapping && hook.earlierUntil ? said.bothUntil(formats.moment(hook.earlierUntil)) : '',
      ]
        .filter(Boolean)
        .join(' · ')}
      state={hook.state}
      waiting={hook.waiting}
      dead={hook.dead}
      onPause={(paused) => send('PUT', path, { state: paused ? 'paused' : 'active' })}
      more={
        <>
          <Menu.Item onClick={() => props.onEdit(!props.editing)}>{said.change}</Menu.Item>
          <Menu.Item onClick={() => rotate.mutate()}>{said.rotate}</Menu.Item>
        </>
      }
    >
      <Fault error={rotate.error} />
      {rotate.data && <Secret secret={rotate.data.secret} told={said.rotated} />}
      {props.editing && (
        <HookForm
          start={{
            url: hook.url,
            description: hook.description,
            events: hook.events.filter((each) => each !== 'ping'),
            unitKey: hook.unitKey,
          }}
          send={words.desk.save}
          working={change.isPending}
          error={change.error}
          onSend={(input) => change.mutate(input)}
        />
      )}
    </Target>
  )
}

function NewWebhook() {
  const words = useWords()
  const client = useQueryClient()
  const [round, setRound] = useState(0)
  const make = useMutation({
    mutationFn: (input: HookInput) => post<Webhook & { secret: string }>('/v1/webhooks', input),
    onSuccess: () => {
      // An empty form anew.
      setRound((before) => before + 1)
      return client.invalidateQueries({ queryKey: ['hooks'] })
    },
  })
  return (
    <details className="new-hook" open={make.isSuccess || make.isError}>
      <summary>{words.hooks.newWebhook}</summary>
      {make.data ? (
        // Nothing else to be done before the secret has been copied.
        <>
          <Secret secret={make.data.secret} told={words.hooks.secretOnce} />
          <Button variant="default" onClick={() => make.reset()}>
            {words.hooks.secretCopied}
          </Button>
        </>
      ) : (
        <HookForm
          key={round}
          start={{ url: '', description: '', events: ['case.opened', 'case.closed'], unitKey: null }}
          send={words.hooks.make}
          working={make.isPending}
          error={make.error}
          onSend={(input) => make.mutate(input)}
        />
      )}
    </details>
  )
}

function Secret(props: { secret: string; told: string }) {
  return (
    <div className="new-key" role="status">
      <p>{props.told}</p>
      <Copyable text={props.secret} />
    </div>
  )
}

interface HookInput {
  url: string
  description: string
  events: string[]
  unitKey: string | null
}

function HookForm(props: {
  start: HookInput
  send: string
  working: boolean
  error: unknown
  onSend: (input: HookInput) => void
}) {
  const words = useWords()
  const [input, setInput] = useState(props.start)
  const set = (part: Partial<HookInput>) => setInput((before) => ({ ...before, ...part }))
  const said = words.hooks
  return (
    <form
      className="hook-form"
      onSubmit={(event) => {
        event.preventDefault()
        props.onSend(input)
      }}
    >
      <TextInput
        type="url"
        label={said.url}
        placeholder="https://crm.example.org/hooks/samklang"
        required
        withAsterisk={false}
        value={input.url}
        onChange={(event) => set({ url: event.currentTarget.value })}
      />
      <TextInput
        label={said.description}
        value={input.description}
        maxLength={500}
        onChange={(event) => set({ description: event.currentTarget.value })}
      />
      <EventsField value={input.events} onChange={(events) => set({ events })} />
      <UnitField value={input.unitKey} onChange={(unitKey) => set({ unitKey })} />
      <Fault error={props.error} />
      <Button
        type="submit"
        variant="default"
        loading={props.working}
        disabled={!input.url.trim() || input.events.length === 0}
      >
        {props.send}
      </Button>
    </form>
  )
}
