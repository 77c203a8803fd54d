import { Button, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { Failure, post, send } from '../api/client.ts'
import type { ProgramFault, SourceFile } from '../api/wire.ts'
import { CodeArea, goToLine } from '../parts/CodeArea.tsx'
import { Fault } from '../parts/Wrong.tsx'
import { useWords } from '../words/words.ts'
import { useLeaving } from './LeaveUnsaved.tsx'
import { ProgramCheck } from './ProgramCheck.tsx'

const pause = 600

/** The program's text being changed: checked by the server while one writes, saved as a new version. */
export function ProgramEditor(props: {
  files: SourceFile[]
  onLeave: () => void
  onSaved: (message: string) => void
}) {
  const words = useWords()
  const client = useQueryClient()
  const [files, setFiles] = useState(props.files)
  const [open, setOpen] = useState(props.files[0]?.path ?? '')
  const [newName, setNewName] = useState('')
  const frame = useRef<HTMLDivElement>(null)
  const check = useMutation({
    mutationFn: (text: SourceFile[]) =>
      post<{ faults: ProgramFault[]; warnings: ProgramFault[]; version?: string }>('/v1/program/check', {
        files: text,
      }),
  })
  const save = useMutation({
    mutationFn: () =>
      send<{ version: string; changed: boolean; warnings: string[] }>('PUT', '/v1/program', { files }),
    onSuccess: async (done) => {
      await client.invalidateQueries()
      const said = done.changed ? words.program.saved(done.version.slice(0, 8)) : words.program.same
      props.onSaved([said, ...done.warnings].join(' '))
    },
  })
  const { mutate } = check
  useEffect(() => {
    const timer = setTimeout(() => mutate(files), pause)
    return () => clearTimeout(timer)
  }, [files, mutate])
  const refused = save.error instanceof Failure ? save.error.faults.map(asProgramFault) : []
  const faults = refused.length > 0 ? refused : (check.data?.faults ?? [])
  const warnings = faults.length > 0 ? [] : (check.data?.warnings ?? [])
  const isUnsaved = !save.isSuccess && textOf(files) !== textOf(props.files)
  const leaving = useLeaving(isUnsaved)
  const leave = async () => {
    if (!isUnsaved || (await leaving.mayLose())) props.onLeave()
  }
  const file = files.find((each) => each.path === open) ?? files[0]
  const marked = new Set(
    [...faults, ...warnings]
      .filter((fault) => !fault.file || fault.file === file?.path)
      .flatMap((fault) => (fault.line ? [fault.line] : [])),
  )
  const change = (text: string) => {
    save.reset()
    setFiles(files.map((each) => (each.path === file?.path ? { ...each, text } : each)))
  }
  const show = (fault: ProgramFault) => {
    if (fault.file) setOpen(fault.file)
    // The text of another file stands there after the next paint.
    requestAnimationFrame(() => goToLine(frame.current?.querySelector('textarea'), fault.line ?? 1))
  }
  const add = () => {
    const path = /\.ya?ml$/.test(newName) ? newName : `${newName}.yaml`
    setFiles([...files, { path, text: '' }])
    setOpen(path)
    setNewName('')
  }
  return (
    <div className="program editing" ref={frame}>
      {leaving.dialog}
      <div className="program-text">
        <div className="program-bar">
          <FileTabs files={files} open={file?.path} onOpen={setOpen} />
          <Button variant="default" size="compact-sm" onClick={() => void leave()}>
            {words.program.stopEdit}
          </Button>
          <Button
            size="compact-sm"
            loading={save.isPending}
            disabled={faults.length > 0}
            onClick={() => save.mutate()}
          >
            {words.program.save}
          </Button>
        </div>
        {file && (
          <CodeArea
            label={words.program.text(file.path)}
            value={file.text}
            onChange={change}
            marked={marked}
            rows={32}
          />
        )}
      </div>
      <div className="program-side">
        <section className="card" aria-live="polite">
          <div className="card-head">
            <h2>{words.program.check}</h2>
          </div>
          {check.isPending && !check.data ? (
            <p className="quiet">{words.common.loading}</p>
          ) : (
            <ProgramCheck faults={faults} warnings={warnings} isChecked={check.isSuccess} onShow={show} />
          )}
          {refused.length === 0 && <Fault error={save.error ?? check.error} />}
        </section>
        <form
          className="new-file"
          onSubmit={(event) => {
            event.preventDefault()
            if (newName.trim()) add()
          }}
        >
          <TextInput
            label={words.program.newFile}
            placeholder="surveys.yaml"
            value={newName}
            onChange={(event) => setNewName(event.currentTarget.value)}
          />
          <Button type="submit" variant="default" disabled={!newName.trim()}>
            {words.program.newFile}
          </Button>
        </form>
      </div>
    </div>
  )
}

const textOf = (files: SourceFile[]) => JSON.stringify(files.map(({ path, text }) => [path, text]))

/** Refusals carry `where` as file:line:column when they are about a text. */
function asProgramFault(fault: {
  where: string
  message: string
  file?: string
  line?: number
  column?: number
}): ProgramFault {
  if (fault.file) return fault
  const [, file, line, column] = /^(.+?):(\d+)(?::(\d+))?$/.exec(fault.where) ?? []
  return file && line
    ? {
        file,
        line: Number(line),
        ...(column ? { column: Number(column) } : {}),
        where: '',
        message: fault.message,
      }
    : { where: fault.where, message: fault.message }
}

export function FileTabs(props: {
  files: SourceFile[]
  open: string | undefined
  onOpen: (path: string) => void
}) {
  const words = useWords()
  return (
    <nav className="file-tabs" aria-label={words.program.files}>
      {props.files.map((file) => (
        <button
          key={file.path}
          type="button"
          aria-current={file.path === props.open}
          onClick={() => props.onOpen(file.path)}
        >
          {file.path}
        </button>
      ))}
    </nav>
  )
}
