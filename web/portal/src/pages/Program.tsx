// For: reading and changing what is asked. In: the program and its versions. Out: its text; checked and saved on request.
import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { meQuery, programQuery, programVersionQuery } from '../api/queries.ts'
import { useMay } from '../api/useMay.ts'
import type { Program, SourceFile } from '../api/wire.ts'
import { Card } from '../parts/Card.tsx'
import { CodeArea } from '../parts/CodeArea.tsx'
import { EmptyState } from '../parts/EmptyState.tsx'
import { Waiting } from '../parts/Waiting.tsx'
import { Wrong } from '../parts/Wrong.tsx'
import { Page } from '../shell/Page.tsx'
import { useFormats } from '../words/format.ts'
import { useWords } from '../words/words.ts'
import { programMissing, pushCommand } from './empty.tsx'
import { FileTabs, ProgramEditor } from './ProgramEditor.tsx'
import { starter } from './starter.ts'

export default function ProgramPage() {
  const words = useWords()
  const program = useQuery(programQuery)
  const me = useQuery(meQuery)
  const [draft, setDraft] = useState<SourceFile[] | null>(null)
  const [saved, setSaved] = useState('')
  const none = program.isError && programMissing(program.error)
  return (
    <Page title={words.program.title} lead={words.program.lead} wide>
      {saved && (
        <p className="note" role="status">
          {saved}
        </p>
      )}
      {program.isPending && <Waiting lines={10} />}
      {program.isError && !none && <Wrong error={program.error} again={() => void program.refetch()} />}
      {draft ? (
        <ProgramEditor
          files={draft}
          onLeave={() => setDraft(null)}
          onSaved={(message) => {
            setSaved(message)
            setDraft(null)
          }}
        />
      ) : none ? (
        <EmptyState
          title={words.empty.noProgram}
          help={words.empty.noProgramHelp}
          code={pushCommand(me.data?.workspace?.slug)}
        >
          <Button onClick={() => setDraft([{ path: 'program.yaml', text: starter }])}>
            {words.program.starter}
          </Button>
        </EmptyState>
      ) : (
        program.data && (
          <Reading
            program={program.data}
            onEdit={(files) => {
              setSaved('')
              setDraft(files)
            }}
          />
        )
      )}
    </Page>
  )
}

function Reading(props: { program: Program; onEdit: (files: SourceFile[]) => void }) {
  const words = useWords()
  const formats = useFormats()
  const search = useSearch({ from: '/shell/program' })
  const go = useNavigate({ from: '/program' })
  const mayWrite = useMay('program:write')
  const { program } = props
  const other = search.version && search.version !== program.version ? search.version : undefined
  const older = useQuery({ ...programVersionQuery(other ?? ''), enabled: other !== undefined })
  const files = other ? (older.data?.files ?? []) : program.files
  const file = files.find((each) => each.path === search.file) ?? files[0]
  return (
    <div className="program">
      <div className="program-text">
        <div className="program-bar">
          <FileTabs
            files={files}
            open={file?.path}
            onOpen={(path) => void go({ search: { ...search, file: path }, replace: true })}
          />
          {other && <span className="tag">{words.program.reading(other.slice(0, 8))}</span>}
          {mayWrite && (
            <Button
              variant="default"
              size="compact-sm"
              disabled={files.length === 0}
              onClick={() => props.onEdit(files)}
            >
              {other ? words.program.restore : words.program.edit}
            </Button>
          )}
        </div>
        {older.isError && <Wrong error={older.error} />}
        {other && older.isPending && <Waiting lines={12} />}
        {file && <CodeArea label={words.program.text(file.path)} value={file.text} readOnly />}
      </div>
      <div className="program-side">
        <Card title={words.program.versions}>
          <ol className="versions">
            {program.versions.map((each) => (
              <li key={each.version}>
                <button
                  type="button"
                  aria-current={(other ?? program.version) === each.version}
                  onClick={() =>
                    void go({
                      search: each.version === program.version ? {} : { version: each.version },
                      replace: true,
                    })
                  }
                >
                  <code>{each.version.slice(0, 8)}</code>
                  {each.active && <span className="tag good">{words.program.active}</span>}
                  <small>
                    {[formats.moment(each.createdAt), each.createdBy].filter(Boolean).join(' · ')}
                  </small>
                </button>
              </li>
            ))}
          </ol>
        </Card>
        <Card title={words.program.surveys}>
          <ul className="short-list">
            {program.surveys.map((survey) => (
              <li key={survey.id}>
                {formats.text(survey.name, survey.id)}
                <small>{survey.questions.map((question) => question.kind).join(', ')}</small>
              </li>
            ))}
          </ul>
        </Card>
        <Card title={words.program.metrics}>
          <ul className="short-list">
            {program.metrics.map((metric) => (
              <li key={metric.id}>
                {formats.text(metric.label, metric.id)}
                <small>
                  {metric.kind.length <= 4 && metric.kind !== 'mean'
                    ? metric.kind.toUpperCase()
                    : metric.kind}
                  {metric.target
                    ? ` · ${words.number.target(formats.upTo(metric.target, 2) + (metric.kind === 'csat' ? ' %' : ''))}`
                    : ''}
                </small>
              </li>
            ))}
          </ul>
        </Card>
      </div>
    </div>
  )
}
