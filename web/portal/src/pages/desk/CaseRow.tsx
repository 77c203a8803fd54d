import { Checkbox } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { CaseItem, CasePolicy, Program } from '../../api/wire.ts'
import { Given } from '../../parts/Score.tsx'
import { readable, useFormats } from '../../words/format.ts'
import { useWords } from '../../words/words.ts'
import { placeOf } from '../overviewCards.tsx'
import { useSegmentName } from '../useSegmentName.ts'
import { notInTime } from './firstContact.ts'
import { Said } from './Said.tsx'
import { TimeLeft } from './TimeLeft.tsx'

/** One case in the inbox: who, what they said, whose it is, and how much time is left. What others wrote is isolated: a
 * name that turns the direction of writing turns itself alone.
 */
export function CaseRow(props: {
  item: CaseItem
  program: Program | undefined
  policy: CasePolicy | undefined
  selected: boolean
  onSelect: (() => void) | undefined
}) {
  const words = useWords()
  const { item } = props
  const name = item.contact?.name ?? words.common.noName
  const owner = item.owner ? (item.owner.name ?? item.owner.id) : words.cases.noOwner
  const place = placeOf(item.unit, props.program)
  return (
    <div className={props.selected ? 'desk-row on' : 'desk-row'} data-case={item.caseId}>
      {props.onSelect && (
        <Checkbox
          aria-label={words.desk.select(name)}
          checked={props.selected}
          onChange={props.onSelect}
          tabIndex={-1}
          size="sm"
        />
      )}
      <Link to="/cases/$id" params={{ id: item.caseId }} search={(before) => before} className="list-row">
        <Given score={item.score} />
        <span className="list-main">
          <span className="clamp">
            <b>
              <bdi>{name}</bdi>
            </b>
            {item.account?.name ? (
              <span className="quiet">
                {' '}
                <bdi>{item.account.name}</bdi>
              </span>
            ) : null}
            {' · '}
            <Said item={item} />
          </span>
          <small>
            {place && `${place} · `}
            <bdi>{owner}</bdi>
          </small>
          <Badges item={item} policy={props.policy} />
        </span>
        <span className="desk-when">
          <TimeLeft item={item} />
          <Money value={item.priority} currency={props.policy?.currency} />
        </span>
      </Link>
    </div>
  )
}

/** Its text, how it looks, and what more is to be said of it. */
type Badge = [text: string, kind: string, title?: string]

/** What makes it more than another case. */
export function Badges(props: { item: CaseItem; policy: CasePolicy | undefined }) {
  const words = useWords()
  const formats = useFormats()
  const segmentName = useSegmentName()
  const { item } = props
  const themes = props.policy?.themes ?? []
  const { missed, first, again } = notInTime(item)
  const said: (Badge | false | null | '')[] = [
    item.news && [words.desk.news, 'strong'],
    item.valueSegment && [`${words.desk.segment} ${segmentName(item.valueSegment)}`, 'plain'],
    // It may stand beside a segment that is low by now.
    item.highValue && [words.desk.highValue, 'strong', words.desk.valueThen],
    item.decisionMaker && [words.desk.decisionMaker, 'strong'],
    item.escalatedAt && [words.desk.escalated, 'late'],
    missed && [words.desk.missed, 'late'],
    first && [words.desk.firstContactLate(formats.left(first.dueAt, Date.parse(first.at)).text), 'late'],
    again && [words.desk.newContactLate(formats.left(again.dueAt, Date.parse(again.at)).text), 'late'],
    item.reopened > 0 && [words.desk.reopened, 'late'],
    item.joined > 0 && [words.desk.joined(formats.plain(item.joined)), 'plain'],
    ...item.themes
      .slice(0, 2)
      .map((theme): Badge => [themes.find(({ id }) => id === theme)?.name ?? readable(theme), 'plain']),
  ]
  const badges = said.filter((each) => Array.isArray(each))
  if (badges.length === 0) return null
  return (
    <span className="badges">
      {badges.map(([text, kind, title]) => (
        <i key={text} className={kind} title={title}>
          {text}
        </i>
      ))}
    </span>
  )
}

export function Money(props: { value: number | null; currency: string | null | undefined }) {
  const words = useWords()
  const formats = useFormats()
  if (props.value === null || props.value === undefined) return null
  const text = formats.money(props.value, props.currency)
  return <small title={words.desk.worth(text)}>{text}</small>
}
