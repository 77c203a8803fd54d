// For: doing one thing with several cases. In: the selected ones. Out: each done or refused, told.
import { Button, Modal, Select } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { post } from '../../api/client.ts'
import { caseQuery } from '../../api/queries.ts'
import type { BulkResult, CaseItem, CasePolicy } from '../../api/wire.ts'
import { Fault } from '../../parts/Wrong.tsx'
import { useFormats } from '../../words/format.ts'
import { useSpeech, useWords } from '../../words/words.ts'
import { LinkDialog } from '../improve/LinkDialog.tsx'
import { CloseFields, closeMissing, emptyRecord, PersonField, recordBody } from './fields.tsx'
import { Warned } from './Warned.tsx'

type Asked = 'assign' | 'close' | 'reply'

export function BulkBar(props: {
  items: CaseItem[]
  shown: number
  policy: CasePolicy | undefined
  onAll: () => void
  onClear: () => void
  /** Carried out for all of them: what, and for how many. */
  onDone: (told: string) => void
}) {
  const words = useWords()
  const formats = useFormats()
  const client = useQueryClient()
  const [asked, setAsked] = useState<Asked | null>(null)
  const [to, setTo] = useState<string | null>(null)
  const [template, setTemplate] = useState<string | null>(null)
  const [record, setRecord] = useState(emptyRecord)
  const run = useMutation({
    mutationFn: (deed: Record<string, unknown>) =>
      post<BulkResult>('/v1/cases/bulk', {
        ...deed,
        items: props.items.map(({ caseId, revision }) => ({ caseId, revision })),
      }),
    onSuccess: (result, deed) => {
      setAsked(null)
      setRecord(emptyRecord)
      if (result.refused > 0) return
      const name = bare(titles[deed.do as Asked] ?? words.desk.takeMany)
      const warned = result.warnings.map(
        (each) => ` · ${words.desk.givenAway(each.name, formats.moment(each.until))}`,
      )
      props.onDone(`${name}: ${words.desk.done(formats.plain(result.done))}${warned.join('')}`)
      props.onClear()
    },
    onSettled: () => client.invalidateQueries({ queryKey: ['cases'] }),
  })
  const [linking, setLinking] = useState(false)
  const [linked, setLinked] = useState<{ id: string; title: string } | null>(null)
  const templates = props.policy?.templates ?? []
  const refusals = run.data?.receipts.filter((receipt) => receipt.status === 'refused') ?? []
  const ready =
    asked === 'assign'
      ? to !== null
      : asked === 'reply'
        ? template !== null
        : closeMissing(record, props.policy).length === 0
  const carryOut = () => {
    if (asked === 'assign') run.mutate({ do: 'assign', to })
    else if (asked === 'reply') run.mutate({ do: 'reply', template })
    else run.mutate({ do: 'close', ...recordBody(record) })
  }
  const count = words.desk.selected(formats.plain(props.items.length))
  const titles = { assign: words.desk.assignMany, close: words.desk.closeMany, reply: words.desk.replyMany }
  return (
    <section className="bulk-bar" aria-label={count}>
      <strong>{count}</strong>
      <Button size="compact-sm" loading={run.isPending} onClick={() => run.mutate({ do: 'take' })}>
        {words.desk.takeMany}
      </Button>
      {(['assign', 'close', ...(templates.length > 0 ? (['reply'] as const) : [])] as Asked[]).map((each) => (
        <Button key={each} size="compact-sm" variant="default" onClick={() => setAsked(each)}>
          {titles[each]}
        </Button>
      ))}
      <Button size="compact-sm" variant="default" onClick={() => setLinking(true)}>
        {words.desk.linkMany}
      </Button>
      {props.items.length < props.shown && (
        <Button size="compact-sm" variant="subtle" onClick={props.onAll}>
          {words.desk.selectAll}
        </Button>
      )}
      <Button size="compact-sm" variant="subtle" onClick={props.onClear}>
        {words.desk.unselect}
      </Button>
      {linked && (
        <span role="status">
          {words.improve.leadsTo}:{' '}
          <Link to="/improvements/$id" params={{ id: linked.id }}>
            {linked.title}
          </Link>
        </span>
      )}
      {run.data && (
        <span role="status">
          {words.desk.done(formats.plain(run.data.done))}
          {run.data.refused > 0 && (
            <span className="fault">
              {' · '}
              {words.desk.refused(formats.plain(run.data.refused))}
              {': '}
              {[...new Set(refusals.map(({ message }) => message))].join(' ')}
            </span>
          )}
        </span>
      )}
      <Warned warnings={run.data?.warnings} />
      <LinkDialog
        opened={linking}
        things={{ caseIds: props.items.map(({ caseId }) => caseId) }}
        start={{ theme: commonest(props.items.flatMap(({ themes }) => themes)) }}
        onClose={() => setLinking(false)}
        onLinked={setLinked}
      />
      <Modal
        opened={asked !== null}
        onClose={() => setAsked(null)}
        title={asked ? `${bare(titles[asked])} · ${count}` : ''}
        closeButtonProps={{ 'aria-label': words.common.close }}
      >
        <div className="deed">
          {asked === 'assign' && <PersonField value={to} onChange={setTo} />}
          {asked === 'reply' && (
            <Select
              label={words.desk.template}
              data={templates.map(({ id, name }) => ({ value: id, label: name }))}
              value={template}
              onChange={setTemplate}
              data-autofocus
            />
          )}
          {asked === 'reply' && template && props.items[0] && (
            <Specimen item={props.items[0]} template={template} />
          )}
          {asked === 'close' && <CloseFields value={record} onChange={setRecord} policy={props.policy} />}
          <Fault error={run.error} />
          <div className="case-buttons">
            <Button disabled={!ready} loading={run.isPending} onClick={carryOut}>
              {asked ? bare(titles[asked]) : ''}
            </Button>
            <Button variant="default" onClick={() => setAsked(null)}>
              {words.desk.cancel}
            </Button>
          </div>
        </div>
      </Modal>
    </section>
  )
}

/** What is pressed in a dialog leads to no other. */
const bare = (title: string) => title.replace(/ ?…$/, '')

/** The letter as the first of them gets it; each of the others gets it in their own name and language. */
function Specimen(props: { item: CaseItem; template: string }) {
  const { words, language } = useSpeech()
  const found = useQuery(caseQuery(props.item.caseId, language))
  const letter = found.data?.advice.letters.find(({ id }) => id === props.template)
  if (!letter) return null
  return (
    <section className="letter" aria-label={words.desk.specimen(props.item.contact?.name ?? '')}>
      <p className="quiet">{words.desk.specimen(props.item.contact?.name ?? words.common.noName)}</p>
      <h4>{letter.subject}</h4>
      <p className="mail-said">{letter.body}</p>
    </section>
  )
}

/** What most of them are about. */
function commonest(themes: string[]): string | null {
  const counted = new Map<string, number>()
  for (const theme of themes) counted.set(theme, (counted.get(theme) ?? 0) + 1)
  return [...counted].sort((a, b) => b[1] - a[1])[0]?.[0] ?? null
}
