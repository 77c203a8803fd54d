import { Button } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { chooseWorkspace, Failure, post } from '../api/client.ts'
import { meQuery } from '../api/queries.ts'
import { useMay } from '../api/useMay.ts'
import type { Program, Workspace } from '../api/wire.ts'
import { EmptyState } from '../parts/EmptyState.tsx'
import { Fault } from '../parts/Wrong.tsx'
import { useWords } from '../words/words.ts'

export const programMissing = (error: unknown) => error instanceof Failure && error.code === 'program.missing'

/** What puts a folder's program in force here. */
export const pushCommand = (workspace: string | undefined) =>
  `bin/samklang program push my-program${workspace ? ` --workspace ${workspace}` : ''}`

/** A workspace without a program: write one, push one, or look at the demo. */
export function NoProgram() {
  const words = useWords()
  const go = useNavigate()
  const me = useQuery(meQuery)
  return (
    <EmptyState
      title={words.empty.noProgram}
      help={words.empty.noProgramHelp}
      code={pushCommand(me.data?.workspace?.slug)}
    >
      <Button onClick={() => void go({ to: '/program' })}>{words.empty.writeProgram}</Button>
      <MakeDemo />
    </EmptyState>
  )
}

/** Where what is missing is written: for those who may change the program. */
export function ToProgram() {
  const words = useWords()
  const go = useNavigate()
  const mayWrite = useMay('program:write')
  if (!mayWrite) return null
  return <Button onClick={() => void go({ to: '/program' })}>{words.empty.toProgram}</Button>
}

/** A program without answers: an event to begin with. */
export function NoAnswers(props: { program: Program }) {
  const words = useWords()
  const type = eventType(props.program) ?? 'com.example.visit.done'
  const code = [
    `curl ${location.origin}/v1/events \\`,
    `  -H 'authorization: Bearer KEY' \\`,
    `  -H 'content-type: application/cloudevents+json' \\`,
    `  -d '{"specversion":"1.0","id":"1","source":"/first","type":"${type}",`,
    `       "time":"${new Date().toISOString().slice(0, 19)}Z","data":{}}'`,
  ].join('\n')
  return (
    <EmptyState
      title={words.empty.noAnswers}
      help={words.empty.noAnswersHelp}
      code={code}
      codeHelp={words.empty.sendEventHelp}
    >
      <MakeDemo />
    </EmptyState>
  )
}

/** The first event type the program's text declares, for the example. */
function eventType(program: Program): string | undefined {
  for (const file of program.files) {
    const found = /^events:\s*\n(?:\s*#.*\n|\s*\n)*\s+['"]?([a-zA-Z0-9.]+)['"]?:/m.exec(file.text)
    if (found) return found[1]
  }
  return undefined
}

export function MakeDemo(props: { primary?: boolean }) {
  const words = useWords()
  const client = useQueryClient()
  const make = useMutation({
    mutationFn: () => post<Workspace>('/v1/workspaces', { name: 'Demo', demo: true }),
    onSuccess: (workspace) => {
      chooseWorkspace(workspace.slug)
      client.clear()
      location.assign('/')
    },
  })
  return (
    <>
      <Button
        variant={props.primary ? 'filled' : 'default'}
        loading={make.isPending}
        onClick={() => make.mutate()}
        title={words.empty.demoHelp}
      >
        {make.isPending ? words.empty.demoMaking : words.empty.makeDemo}
      </Button>
      <Fault error={make.error} />
    </>
  )
}
