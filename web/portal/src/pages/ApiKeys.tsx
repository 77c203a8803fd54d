import { Button, MultiSelect, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { post, send } from '../api/client.ts'
import { apiKeysQuery } from '../api/queries.ts'
import type { ApiKey } from '../api/wire.ts'
import { Card } from '../parts/Card.tsx'
import { Copyable } from '../parts/Copyable.tsx'
import { Waiting } from '../parts/Waiting.tsx'
import { Fault, Wrong } from '../parts/Wrong.tsx'
import { useFormats } from '../words/format.ts'
import { useWords } from '../words/words.ts'

const offered = [
  'events:write',
  'ask:read',
  'responses:read',
  'responses:write',
  'customers:read',
  'cases:read',
  'cases:write',
  'outreach:write',
  'data:read',
  'program:write',
] as const

export function ApiKeys() {
  const words = useWords()
  const formats = useFormats()
  const client = useQueryClient()
  const keys = useQuery(apiKeysQuery)
  const [name, setName] = useState('')
  const [scopes, setScopes] = useState<string[]>(['events:write'])
  const refresh = () => client.invalidateQueries({ queryKey: ['apiKeys'] })
  const make = useMutation({
    mutationFn: () => post<{ key: string; apiKey: ApiKey }>('/v1/api-keys', { name, scopes }),
    onSuccess: () => {
      setName('')
      return refresh()
    },
  })
  const revoke = useMutation({
    mutationFn: (keyId: string) => send('DELETE', `/v1/api-keys/${encodeURIComponent(keyId)}`),
    onSettled: refresh,
  })
  return (
    <Card title={words.settings.keys}>
      <p className="quiet">{words.settings.keysLead}</p>
      {keys.isError && <Wrong error={keys.error} again={() => void keys.refetch()} />}
      {keys.isPending && <Waiting lines={2} />}
      {keys.data?.length === 0 && <p className="silent">{words.settings.noKeys}</p>}
      <ul className="key-list">
        {keys.data?.map((key) => (
          <li key={key.keyId}>
            <span>
              <b>{key.name}</b>
              <small>
                {key.scopes.map((scope) => words.settings.scopes[scope] ?? scope).join(', ')} ·{' '}
                {key.lastUsedAt
                  ? words.settings.lastUsed(formats.ago(key.lastUsedAt))
                  : words.settings.neverUsed}
              </small>
            </span>
            <Button variant="default" size="compact-sm" onClick={() => revoke.mutate(key.keyId)}>
              {words.settings.revoke}
            </Button>
          </li>
        ))}
      </ul>
      <form
        className="key-form"
        onSubmit={(event) => {
          event.preventDefault()
          make.mutate()
        }}
      >
        <TextInput
          label={words.settings.keyName}
          required
          withAsterisk={false}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <MultiSelect
          label={words.settings.keyScopes}
          data={offered.map((scope) => ({ value: scope, label: words.settings.scopes[scope] ?? scope }))}
          value={scopes}
          onChange={setScopes}
        />
        <Button
          type="submit"
          variant="default"
          loading={make.isPending}
          disabled={!name.trim() || scopes.length === 0}
        >
          {words.settings.makeKey}
        </Button>
      </form>
      <Fault error={make.error ?? revoke.error} />
      {make.data && (
        <div className="new-key" role="status">
          <p>{words.settings.keyMade}</p>
          <Copyable text={make.data.key} />
        </div>
      )}
    </Card>
  )
}
