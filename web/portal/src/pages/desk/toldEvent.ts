// For: one line of a case's history in words. In: the event as the server tells it. Out: its title, and what else it says.
import type { CaseDetail, CasePolicy } from '../../api/wire.ts'
import { type Formats, readable } from '../../words/format.ts'
import type { Words } from '../../words/shape.ts'

export type CaseEvent = CaseDetail['events'][number]

/** The history of a case, which comes by time, with the mails that were not sent any more, each where it was to be sent:
 * after all that happened at that moment; of letters that came in
 * it says which are from another address than the customer's.
 */
export function historyOf({
  events,
  withdrawn,
  mails,
}: Pick<CaseDetail, 'events' | 'withdrawn' | 'mails'>): CaseEvent[] {
  const strange = new Set(mails.flatMap(({ mailId, otherSender }) => (otherSender ? [mailId] : [])))
  const marked = events.map((event) =>
    event.kind === 'replied' && strange.has(String(event.detail?.mailId))
      ? { ...event, detail: { ...event.detail, otherSender: true } }
      : event,
  )
  const notSent = withdrawn.map(
    ({ at, to, kind, reason }): CaseEvent => ({
      ...{ revision: 0, at, kind: 'withdrawn', actor: null, actorId: null, note: null },
      detail: { toName: to, mail: kind, since: reason },
    }),
  )
  return [...marked, ...notSent].sort((one, other) => Date.parse(one.at) - Date.parse(other.at))
}

export interface Telling {
  words: Words
  formats: Formats
  policy: CasePolicy | undefined
  ruleName: (id: string) => string
  personName: (id: string) => string
}

/** @returns `head`: what was done, and to whom or how; `more`: why, each a sentence of its own */
export function toldEvent(event: CaseEvent, telling: Telling): { head: string; more: string[] } {
  const { words } = telling
  const desk = words.desk
  const detail = event.detail ?? {}
  const people = peopleOf(detail)
  // Of the product's own steps the note is the reason for which nobody was meant.
  const nobody = event.actor === null && event.note ? desk.nobody[event.note] : undefined
  const named = nameIn(detail.who, telling)
  const toNobody = event.kind === 'escalated' && event.actor === null && people.length === 0
  const head = toNobody ? desk.escalatedNobody : (desk.events[event.kind] ?? readable(event.kind))
  const more = [
    toNobody && nobody ? desk.meantNobody(named || desk.toAbove, nobody) : '',
    ...reasons(event, telling),
    nobody ? '' : (event.note ?? ''),
  ]
  return { head, more: more.filter(Boolean) }
}

/** What a person or the product chose: whom, by which channel, what came of it. */
export function chosenIn(event: CaseEvent, { words, policy }: Telling): string {
  const detail = event.detail ?? {}
  const text = (name: string) => (typeof detail[name] === 'string' ? (detail[name] as string) : '')
  const list = (all: readonly { id: string; name: string }[] | undefined, id: string) =>
    id ? (all?.find((each) => each.id === id)?.name ?? readable(id)) : ''
  const left = event.kind === 'assigned' && 'reason' in detail && !text('to')
  return [
    event.kind === 'opened' ? text('ownerName') || text('owner') : '',
    text('toName') || text('to') || (left ? words.cases.noOwner : ''),
    event.kind === 'opened' ? '' : peopleOf(detail).join(', '),
    text('channel') ? (words.desk.channels[text('channel')] ?? '') : '',
    text('outcome') ? (words.cases.outcomes[text('outcome')] ?? text('outcome')) : '',
    list(policy?.causes, text('cause')),
    list(policy?.actions, text('action')),
    detail.solved === true ? words.desk.solvedYes : detail.solved === false ? words.desk.solvedNo : '',
  ]
    .filter(Boolean)
    .join(' · ')
}

function reasons({ kind, detail: given }: CaseEvent, telling: Telling): string[] {
  const { words, formats, ruleName, personName } = telling
  const desk = words.desk
  const detail = given ?? {}
  const text = (name: string) => (typeof detail[name] === 'string' ? (detail[name] as string) : '')
  const passed = (Array.isArray(detail.passed) ? detail.passed : []) as { who: string; nobody: string }[]
  return [
    detail.reason === 'ownerGone' && text('from')
      ? desk.ownerGone(text('fromName') || personName(text('from')))
      : '',
    detail.reason === 'ownerMoved' && text('from')
      ? desk.ownerMoved(text('fromName') || personName(text('from')))
      : '',
    detail.reason === 'stricterRule' ? desk.byStricterRule : '',
    kind === 'joined' && text('rule')
      ? desk.stricterRule(ruleName(text('rule')), ruleName(text('fromRule')))
      : '',
    kind === 'joined' && text('contactDueAt') ? desk.dueNow(formats.moment(text('contactDueAt'))) : '',
    kind === 'withdrawn'
      ? desk.notSent(desk.withdrawnOf[text('mail')] ?? '', desk.withdrawnSince[text('since')] ?? '')
      : '',
    kind === 'opened' && text('holdUntil')
      ? desk.heldByLot(readable(text('trial')), formats.moment(text('holdUntil')))
      : '',
    detail.otherSender === true ? desk.fromOtherSender : '',
    text('because') ? desk.byPolicy(nameIn(text('because'), telling)) : '',
    // Those who lead hear of it where the only manager is whom it is about.
    kind === 'opened' && peopleOf(detail).length > 0 ? desk.toldInstead(peopleOf(detail).join(', ')) : '',
    passed.length > 0
      ? desk.passedOver(
          passed
            .map(({ who, nobody }) => `${nameIn(who, telling)} (${desk.nobody[nobody] ?? nobody})`)
            .join(', '),
        )
      : '',
  ]
}

const peopleOf = (detail: Record<string, unknown>): string[] =>
  ([detail.people].flat() as Array<{ id: string; name?: string | null } | undefined>).flatMap(
    (each) => each?.name ?? each?.id ?? [],
  )

const nameIn = (who: unknown, { words, personName }: Pick<Telling, 'words' | 'personName'>): string =>
  typeof who === 'string' ? whoName(who, words, personName) : ''

/** Somebody as a policy names them (unitManager, function.service, person.anna), in words. */
export function whoName(who: string, words: Words, personName: (id: string) => string): string {
  const at = who.indexOf('.')
  if (at < 0) return words.desk.whos[who] ?? readable(who)
  const [kind, name] = [who.slice(0, at), who.slice(at + 1)]
  if (kind === 'person') return personName(name)
  return kind === 'roundRobin' ? words.desk.inTurn(readable(name)) : readable(name)
}
