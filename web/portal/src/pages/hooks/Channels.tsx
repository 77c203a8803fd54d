// For: chat. In: the address of an incoming webhook of Slack, Teams or Mattermost. Out: channels that are told; the
// address is a secret and never shown again.
import { Button, Menu, Select, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { send } from '../../api/client.ts'
import { channelsQuery } from '../../api/loopQueries.ts'
import type { ChatChannel } from '../../api/loopWire.ts'
import { Card } from '../../parts/Card.tsx'
import { Waiting } from '../../parts/Waiting.tsx'
import { Fault, Wrong } from '../../parts/Wrong.tsx'
import { languageNames, languages, useSpeech, useWords } from '../../words/words.ts'
import { EventsField, UnitField } from './fields.tsx'
import { Target } from './Target.tsx'

const chatFormats = { slack: 'Slack', teams: 'Microsoft Teams', mattermost: 'Mattermost' }

interface ChannelInput {
  name: string
  format: ChatChannel['format']
  url: string
  events: string[]
  unitKey: string | null
  language: ChatChannel['language']
}

const put = ({ name, url, ...rest }: ChannelInput, state?: 'active' | 'paused') =>
  send('PUT', `/v1/chat-channels/${encodeURIComponent(name)}`, {
    ...rest,
    ...(url.trim() ? { url: url.trim() } : {}),
    ...(state ? { state } : {}),
  })

const inputOf = (channel: ChatChannel): ChannelInput => ({
  ...{ name: channel.name, format: channel.format, url: '', unitKey: channel.unitKey },
  ...{ events: channel.events.filter((each) => each !== 'ping'), language: channel.language },
})

export function Channels() {
  const { words, language } = useSpeech()
  const client = useQueryClient()
  const channels = useQuery(channelsQuery)
  const [open, setOpen] = useState<string | null>(null)
  const [round, setRound] = useState(0)
  const said = words.hooks
  const save = useMutation({
    mutationFn: (input: ChannelInput) => put(input),
    onSuccess: () => {
      setOpen(null)
      setRound((before) => before + 1)
    },
    onSettled: () => client.invalidateQueries({ queryKey: ['hooks'] }),
  })
  return (
    <Card title={said.channels}>
      <p className="quiet">{said.channelsLead}</p>
      {channels.isError && <Wrong error={channels.error} again={() => void channels.refetch()} />}
      {channels.isPending && <Waiting lines={2} />}
      <ul className="hook-list">
        {channels.data?.map((channel) => (
          <Target
            key={channel.channelId}
            id={channel.channelId}
            path={`/v1/chat-channels/${encodeURIComponent(channel.name)}`}
            name={channel.name}
            about={[
              `${chatFormats[channel.format]} · ${channel.host}`,
              channel.events.map((each) => said.eventNames[each] ?? each).join(', ') || said.onlyNamed,
              channel.unitKey ?? '',
              languageNames[channel.language],
            ]
              .filter(Boolean)
              .join(' · ')}
            state={channel.state}
            waiting={channel.waiting}
            dead={channel.dead}
            onPause={(paused) => put(inputOf(channel), paused ? 'paused' : 'active')}
            more={
              <Menu.Item onClick={() => setOpen(open === channel.name ? null : channel.name)}>
                {said.change}
              </Menu.Item>
            }
          >
            {open === channel.name && (
              <ChannelForm
                start={inputOf(channel)}
                known
                send={words.desk.save}
                working={save.isPending}
                error={save.error}
                onSend={(input) => save.mutate(input)}
              />
            )}
          </Target>
        ))}
      </ul>
      <details className="new-hook">
        <summary>{said.newChannel}</summary>
        <ChannelForm
          key={round}
          start={{ name: '', format: 'slack', url: '', events: ['praise.given'], unitKey: null, language }}
          send={said.make}
          working={save.isPending}
          error={open === null ? save.error : null}
          onSend={(input) => save.mutate(input)}
        />
      </details>
    </Card>
  )
}

function ChannelForm(props: {
  start: ChannelInput
  /** It is there already: its name stays, and its address too when none is written. */
  known?: boolean
  send: string
  working: boolean
  error: unknown
  onSend: (input: ChannelInput) => void
}) {
  const words = useWords()
  const [input, setInput] = useState(props.start)
  const set = (part: Partial<ChannelInput>) => setInput((before) => ({ ...before, ...part }))
  const said = words.hooks
  const named = /^[a-z][A-Za-z0-9]*$/.test(input.name)
  return (
    <form
      className="hook-form"
      onSubmit={(event) => {
        event.preventDefault()
        if (named) props.onSend(input)
      }}
    >
      {!props.known && (
        <TextInput
          label={said.channelName}
          description={said.channelNameHelp}
          required
          withAsterisk={false}
          maxLength={60}
          value={input.name}
          error={input.name && !named ? said.channelNameWrong : undefined}
          onChange={(event) => set({ name: event.currentTarget.value })}
        />
      )}
      <Select
        label={said.format}
        allowDeselect={false}
        data={Object.entries(chatFormats).map(([value, label]) => ({ value, label }))}
        value={input.format}
        onChange={(format) => format && set({ format: format as ChannelInput['format'] })}
      />
      <TextInput
        type="url"
        label={said.incoming}
        description={props.known ? said.keepsAddress : said.incomingHelp}
        required={!props.known}
        withAsterisk={false}
        value={input.url}
        onChange={(event) => set({ url: event.currentTarget.value })}
      />
      <Select
        label={words.language.label}
        allowDeselect={false}
        data={languages.map((each) => ({ value: each, label: languageNames[each] }))}
        value={input.language}
        onChange={(language) => language && set({ language: language as ChannelInput['language'] })}
      />
      <EventsField
        value={input.events}
        onChange={(events) => set({ events })}
        help={said.channelEventsHelp}
      />
      <UnitField value={input.unitKey} onChange={(unitKey) => set({ unitKey })} />
      <Fault error={props.error} />
      <Button type="submit" variant="default" loading={props.working} disabled={!named}>
        {props.send}
      </Button>
    </form>
  )
}
