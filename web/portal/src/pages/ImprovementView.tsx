// For: one improvement, from the theme that asks for it to its effect. In: its id.
// Out: what, why, who, when; what it did; what it is tied to; telling those it concerns; its history.
import { ActionIcon, Button } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { Failure, post, send } from '../api/client.ts'
import { improvementQuery } from '../api/loopQueries.ts'
import type { ImprovementDetail, ImprovementState } from '../api/loopWire.ts'
import { casePolicyQuery, programQuery } from '../api/queries.ts'
import { useMay } from '../api/useMay.ts'
import { metricChoices } from '../ask/fields.ts'
import { Waiting } from '../parts/Waiting.tsx'
import { Fault, Wrong } from '../parts/Wrong.tsx'
import { readable, useFormats } from '../words/format.ts'
import { useSpeech, useWords } from '../words/words.ts'
import { Effect } from './improve/Effect.tsx'
import { PlanForm, planOf } from './improve/Form.tsx'
import { nextStates } from './improve/states.ts'
import { Tell } from './improve/Tell.tsx'

export default function ImprovementView() {
  const { id } = useParams({ from: '/shell/improvements/$id' })
  const found = useQuery(improvementQuery(id))
  if (found.isError) return <Wrong error={found.error} again={() => void found.refetch()} />
  if (!found.data) return <Waiting lines={8} />
  return <Standing key={id} item={found.data} />
}

function Standing(props: { item: ImprovementDetail }) {
  const { words, language } = useSpeech()
  const formats = useFormats()
  const client = useQueryClient()
  const mayWrite = useMay('cases:write')
  const program = useQuery(programQuery)
  const policy = useQuery(casePolicyQuery(language))
  const [editing, setEditing] = useState(false)
  const { item } = props
  const said = words.improve
  const over = item.state === 'done' || item.state === 'dropped'
  const change = useMutation({
    mutationFn: (part: Record<string, unknown>) =>
      send('PUT', `/v1/improvements/${encodeURIComponent(item.improvementId)}`, {
        revision: item.revision,
        ...part,
      }),
    onSuccess: () => setEditing(false),
    onSettled: () => client.invalidateQueries({ queryKey: ['improvements'] }),
  })
  const conflict = change.error instanceof Failure && change.error.code === 'thing.changed'
  const nameIn = (list: readonly { id: string; name: string }[] | undefined, id: string | null) =>
    id === null ? null : (list?.find((each) => each.id === id)?.name ?? readable(id))
  const metric =
    item.metric && program.data
      ? metricChoices(program.data, { words, language }, formats)
          .flatMap(({ items }) => items)
          .find(({ value }) => value === item.metric)?.label
      : item.metric
  const condition = (text: string | null) => text && <code>{text}</code>
  const fields: [string, ReactNode][] = [
    [said.theme, nameIn(policy.data?.themes, item.theme)],
    [said.cause, nameIn(policy.data?.causes, item.cause)],
    [said.action, item.action],
    [said.metric, metric],
    [said.where, condition(item.where)],
    [said.compareWhere, condition(item.compareWhere)],
  ]
  const chain = fields.filter(([, value]) => Boolean(value))
  return (
    <article className="one">
      <header className="one-head">
        <div>
          <h2>{item.title}</h2>
          <p className="case-state">
            <strong>{said.states[item.state]}</strong>
            <span className="quiet">{item.owner ? (item.owner.name ?? item.owner.id) : said.noOwner}</span>
            {item.dueOn && (
              <span className={item.overdue ? 'left late' : 'quiet'}>
                {item.overdue ? said.overdue(formats.day(item.dueOn)) : said.dueBy(formats.day(item.dueOn))}
              </span>
            )}
            {item.unit && <span className="quiet">{item.unit.name ?? item.unit.key}</span>}
            {item.told > 0 && <span className="quiet">{said.told(formats.plain(item.told))}</span>}
          </p>
        </div>
      </header>
      {mayWrite && !editing && (
        <div className="case-actions">
          <div className="case-buttons">
            {nextStates[item.state].map((state: ImprovementState, at) => (
              <Button
                key={state}
                variant={at === 0 && !over ? 'filled' : 'default'}
                loading={change.isPending && change.variables?.state === state}
                onClick={() => change.mutate({ state })}
              >
                {said.moves[state]}
              </Button>
            ))}
            <Button variant="default" onClick={() => setEditing(true)}>
              {said.edit}
            </Button>
          </div>
          {conflict ? (
            <p className="fault" role="alert">
              {said.changedMeanwhile}
            </p>
          ) : (
            <Fault error={change.error} />
          )}
        </div>
      )}
      {editing && (
        <PlanForm
          start={planOf(item)}
          send={words.desk.save}
          working={change.isPending}
          error={conflict ? new Error() : change.error}
          onSend={(plan) => change.mutate({ ...plan })}
          onCancel={() => setEditing(false)}
        />
      )}
      {!editing && chain.length > 0 && (
        <dl className="chain">
          {chain.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      )}
      <Effect id={item.improvementId} revision={item.revision} />
      <Linked item={item} mayWrite={mayWrite} />
      <Tell item={item} />
      <History item={item} />
    </article>
  )
}

function Linked(props: { item: ImprovementDetail; mayWrite: boolean }) {
  const words = useWords()
  const formats = useFormats()
  const client = useQueryClient()
  const { item } = props
  const { cases, responses } = item.linked
  const said = words.improve
  const untie = useMutation({
    mutationFn: (things: { caseIds?: string[]; responseIds?: string[] }) =>
      post(`/v1/improvements/${encodeURIComponent(item.improvementId)}/link`, { ...things, remove: true }),
    onSettled: () => client.invalidateQueries({ queryKey: ['improvements'] }),
  })
  const cross = (name: string, things: { caseIds?: string[]; responseIds?: string[] }) =>
    props.mayWrite && (
      <ActionIcon variant="subtle" aria-label={said.untie(name)} onClick={() => untie.mutate(things)}>
        ×
      </ActionIcon>
    )
  return (
    <section>
      <h3>{said.linked}</h3>
      {cases.length + responses.length === 0 && <p className="quiet">{said.nothingLinked}</p>}
      <Fault error={untie.error} />
      <ul className="linked">
        {cases.map((each) => (
          <li key={each.caseId}>
            <Link to="/cases/$id" params={{ id: each.caseId }}>
              <b>{said.case}</b> {each.contactName ?? words.common.noName}
            </Link>
            <small>
              {words.cases[each.state as 'open'] ?? each.state} · {formats.day(each.openedAt)}
            </small>
            {cross(each.contactName ?? said.case, { caseIds: [each.caseId] })}
          </li>
        ))}
        {responses.map((each) => (
          <li key={each.responseId}>
            <Link to="/responses/$id" params={{ id: each.responseId }}>
              <b>{said.comment}</b> {each.comment ?? words.responses.noComment}
            </Link>
            <small>
              {each.contactName ?? words.common.noName} · {formats.day(each.answeredAt)}
            </small>
            {cross(each.contactName ?? said.comment, { responseIds: [each.responseId] })}
          </li>
        ))}
      </ul>
    </section>
  )
}

/** Every change: who, when, what, why. */
function History(props: { item: ImprovementDetail }) {
  const words = useWords()
  const formats = useFormats()
  const said = words.improve
  const told = (event: ImprovementDetail['history'][number]): string => {
    const detail = event.detail ?? {}
    const state = detail.state as { to?: ImprovementState } | undefined
    if (event.kind === 'moved' && state?.to) return said.states[state.to]
    if (event.kind === 'changed')
      return Object.keys(detail)
        .map((name) => said.fieldNames[name] ?? readable(name))
        .join(', ')
    if (event.kind === 'told') return said.told(formats.plain(Number(detail.told ?? 0)))
    if (event.kind === 'linked' || event.kind === 'unlinked')
      return formats.plain(Object.values(detail).flat().length)
    return ''
  }
  return (
    <section>
      <h3>{words.desk.history}</h3>
      <ol className="history">
        {[...props.item.history].reverse().map((event) => (
          <li key={event.revision}>
            <span>
              <b>{said.events[event.kind] ?? readable(event.kind)}</b>
              {told(event) && ` ${told(event)}`}
              <span className="quiet"> · {event.actor ?? words.desk.product}</span>
            </span>
            <time dateTime={event.at}>{formats.moment(event.at)}</time>
            {event.note && <p>{event.note}</p>}
          </li>
        ))}
      </ol>
    </section>
  )
}
