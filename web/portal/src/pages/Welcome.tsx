import { Button, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { chooseWorkspace, post } from '../api/client.ts'
import type { Workspace } from '../api/wire.ts'
import { Fault } from '../parts/Wrong.tsx'
import { useWords } from '../words/words.ts'
import { MakeDemo } from './empty.tsx'

/** For somebody who belongs to no workspace: look at the demo, or begin with their own. */
export function Welcome() {
  const words = useWords()
  const client = useQueryClient()
  const [name, setName] = useState('')
  const make = useMutation({
    mutationFn: () => post<Workspace>('/v1/workspaces', { name: name.trim() }),
    onSuccess: async (workspace) => {
      chooseWorkspace(workspace.slug)
      await client.resetQueries()
    },
  })
  return (
    <main className="sign-in">
      <div className="sign-in-box welcome">
        <p className="brand">Samklang</p>
        <h1>{words.welcome.title}</h1>
        <p className="quiet">{words.welcome.demo}</p>
        <MakeDemo primary />
        <form
          onSubmit={(event) => {
            event.preventDefault()
            if (name.trim()) make.mutate()
          }}
        >
          <TextInput
            label={words.welcome.own}
            placeholder={words.welcome.ownHint}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Button type="submit" variant="default" loading={make.isPending} disabled={!name.trim()}>
            {words.welcome.make}
          </Button>
          <Fault error={make.error} />
        </form>
      </div>
    </main>
  )
}
