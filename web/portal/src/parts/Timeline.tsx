import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { Program, TimelineItem } from '../api/wire.ts'
import { readable, useFormats } from '../words/format.ts'
import { useWords } from '../words/words.ts'
import { Given } from './Score.tsx'

type Item = TimelineItem & { contact?: { id: string; name: string | null } | null }

/** What happened and what was felt, newest first, in one line of time; `named`: whose each moment was. */
export function Timeline(props: {
  items: Item[]
  program: Program | undefined
  most?: number
  named?: boolean
}) {
  const words = useWords()
  const [all, setAll] = useState(false)
  const most = props.most ?? 60
  const shown = all ? props.items : props.items.slice(0, most)
  return (
    <>
      <ol className="timeline">
        {shown.map((item, at) => (
          // Two things may happen in the same moment; their order in the list tells them apart.
          <Moment
            // biome-ignore lint/suspicious/noArrayIndexKey: the list is replaced as a whole
            key={`${item.at} ${item.kind} ${at}`}
            item={item}
            program={props.program}
            named={props.named}
          />
        ))}
      </ol>
      {shown.length < props.items.length && (
        <button type="button" className="text-button" onClick={() => setAll(true)}>
          {words.common.more}
        </button>
      )}
    </>
  )
}

function Moment(props: { item: Item; program: Program | undefined; named: boolean | undefined }) {
  const words = useWords()
  const formats = useFormats()
  const { item } = props
  const felt = item.kind === 'response' || item.kind === 'case'
  const title = <Title item={item} program={props.program} />
  // States that say no more than the kind does, such as sent and completed, are left out.
  const detail =
    item.detail === null
      ? undefined
      : item.kind === 'withheld'
        ? (words.withheldReason[item.detail] ?? item.detail)
        : words.customers.state[item.detail]
  const noCase = noCaseOf(item)
  const fields = Object.entries(item.fields ?? {})
  return (
    <li className={`moment ${item.kind === 'case' ? 'of-case' : ''} ${felt ? 'felt' : ''}`}>
      <time dateTime={item.at}>{formats.moment(item.at)}</time>
      <div>
        <p className="moment-title">
          <span className="moment-kind">{words.customers.kind[item.kind]}</span>
          {item.score && <Given score={item.score} />}
          {item.responseId ? (
            <Link to="/responses/$id" params={{ id: item.responseId }}>
              {title}
            </Link>
          ) : item.caseId ? (
            <Link to="/cases/$id" params={{ id: item.caseId }}>
              {title}
            </Link>
          ) : (
            title
          )}
          {props.named && item.contact && (
            <Link to="/customers/$id" params={{ id: item.contact.id }} className="moment-kind">
              {item.contact.name}
            </Link>
          )}
        </p>
        {item.comment && <blockquote>{item.comment}</blockquote>}
        {detail && <p className="quiet">{detail}</p>}
        {noCase && (
          <p className="quiet">{words.customers.noCase(words.decisionReason[noCase] ?? readable(noCase))}</p>
        )}
        {fields.length > 0 && (
          <p className="quiet">
            {fields.map(([name, value]) => `${readable(name)} ${formats.value(value)}`).join(' · ')}
          </p>
        )}
      </div>
    </li>
  )
}

/** Why an answer that a rule holds for has no case of its own; the cases themselves stand on the line beside it. */
function noCaseOf({ decision }: TimelineItem): string | undefined {
  if (decision?.handling !== 'none' && decision?.handling !== 'reply') return undefined
  return decision.reason === 'noRule' || decision.reason === 'noneByRule' ? undefined : decision.reason
}

/** Surveys and rules by their name; event types made readable; the subject of a mail as it was written. */
function Title(props: { item: TimelineItem; program: Program | undefined }) {
  const formats = useFormats()
  if (props.item.kind === 'letter') return <bdi>{props.item.title}</bdi>
  const survey = props.program?.surveys.find((each) => each.id === props.item.title)
  const rule = props.item.kind === 'case' && props.program?.rules.find((each) => each.id === props.item.title)
  if (rule) return <>{formats.text(rule.label, readable(rule.id))}</>
  if (survey) return <>{formats.text(survey.name, readable(survey.id))}</>
  return <>{/^[a-z][A-Za-z0-9.]*$/.test(props.item.title) ? readable(props.item.title) : props.item.title}</>
}
