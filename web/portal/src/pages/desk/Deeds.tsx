// For: what one does with a case. In: the case, and what the server says one may do now.
// Out: buttons and letters for each deed; those that need words ask for them in place.
import { Button, Menu } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { Failure, post } from '../../api/client.ts'
import { meQuery } from '../../api/queries.ts'
import { useMay } from '../../api/useMay.ts'
import type { CaseDetail, CaseDone, CasePolicy } from '../../api/wire.ts'
import { Fault } from '../../parts/Wrong.tsx'
import { caseKeys, shortcutsOn, typing } from '../../shell/Shortcuts.tsx'
import { useFormats } from '../../words/format.ts'
import { useWords } from '../../words/words.ts'
import { useRuleName } from '../useRuleName.ts'
import { Badges } from './CaseRow.tsx'
import { type Deed, DeedForm } from './DeedForm.tsx'
import { forgetDraft } from './draft.ts'
import { TimeLeft } from './TimeLeft.tsx'
import { Warned } from './Warned.tsx'

/** Those that are done at once; the others ask for something first. */
const atOnce = new Set<Deed>(['take', 'watch', 'unwatch'])
const inRow: Deed[] = ['take', 'contact', 'attempt', 'mail', 'note', 'close', 'reopen']
const inMenu: Deed[] = ['forward', 'assign', 'escalate', 'record', 'watch', 'unwatch']

export function Deeds(props: { item: CaseDetail; policy: CasePolicy | undefined }) {
  const words = useWords()
  const ruleName = useRuleName()
  const formats = useFormats()
  const client = useQueryClient()
  const mayWrite = useMay('cases:write')
  const me = useQuery(meQuery)
  const { item } = props
  const [open, setOpen] = useState<Deed | null>(null)
  const place = useRef<HTMLElement>(null)
  const wasOpen = useRef(false)
  useEffect(() => {
    // Whoever writes by keyboard is not left nowhere when the form goes away.
    if (wasOpen.current && open === null) place.current?.focus()
    wasOpen.current = open !== null
  }, [open])
  const act = useMutation({
    mutationFn: (deed: { kind: Deed; body?: Record<string, unknown> }) =>
      post<Partial<Pick<CaseDone, 'warnings'>>>(`/v1/cases/${encodeURIComponent(item.caseId)}/${deed.kind}`, {
        ...(deed.kind === 'mail' || !adds.has(deed.kind) ? { revision: item.revision } : {}),
        ...deed.body,
      }),
    onSuccess: (_, { kind }) => {
      forgetDraft(item.caseId, kind)
      setOpen(null)
    },
    // After a conflict too: the case is read anew, so that one sees what the other did. What was typed stays.
    onSettled: () => client.invalidateQueries({ queryKey: ['cases'] }),
  })
  // Whom it was escalated to is kept informed, watching or not.
  const watches =
    item.watching && item.people.some(({ person, part }) => part !== 'escalated' && person === me.data?.actor)
  const may = (deed: Deed) =>
    mayWrite &&
    (deed === 'mail'
      ? item.may.includes('note') && item.state !== 'closed' && item.advice.to !== null
      : item.may.includes(deed) && !(deed === 'watch' && item.watching) && !(deed === 'unwatch' && !watches))
  const begin = (deed: Deed) => {
    act.reset()
    if (atOnce.has(deed)) act.mutate({ kind: deed })
    else setOpen(deed)
  }
  useKeys((deed) => {
    if (may(deed)) begin(deed)
  })
  const mine = inRow.filter(may).filter((deed) => deed !== 'take' || item.state === 'open' || !item.owner)
  const more = inMenu.filter(may)
  const conflict = act.error instanceof Failure && act.error.code === 'case.changed'
  // What comes next; with a closed case nothing has to.
  const primary: Deed | undefined = ({ open: 'take', taken: 'contact', contacted: 'close' } as const)[
    item.state as 'open'
  ]
  return (
    <section className="case-actions" ref={place} tabIndex={-1} aria-label={words.desk.caseKeys}>
      <div className="case-state">
        <strong>{words.cases[item.state]}</strong>
        <TimeLeft item={item} />
        <span className="quiet">
          {words.cases.owner}: {item.owner ? (item.owner.name ?? item.owner.id) : words.cases.noOwner}
          {item.owner && !item.owner.there && ` (${words.desk.away})`}
        </span>
        {item.state !== 'closed' && !item.contactedAt && (
          <span className="quiet">
            {words.cases.contactBy} {formats.moment(item.contactDueAt)}
          </span>
        )}
        <span className="quiet">
          {words.cases.rule}: {ruleName(item.rule)}
        </span>
        {item.holdUntil && new Date(item.holdUntil) > new Date() && (
          <span className="quiet">{words.desk.held(formats.moment(item.holdUntil))}</span>
        )}
        {item.solvedByCustomer !== null && (
          <strong className={item.solvedByCustomer ? '' : 'left late'}>
            {item.solvedByCustomer ? words.desk.solvedYes : words.desk.solvedNo}
          </strong>
        )}
      </div>
      <Badges item={item} policy={props.policy} />
      {(mine.length > 0 || more.length > 0) && (
        <div className="case-buttons">
          {mine.map((deed) => (
            <Button
              key={deed}
              variant={deed === primary ? 'filled' : 'default'}
              loading={act.isPending && act.variables?.kind === deed}
              aria-expanded={atOnce.has(deed) ? undefined : open === deed}
              aria-keyshortcuts={keyOf(deed)}
              onClick={() => (open === deed ? setOpen(null) : begin(deed))}
            >
              {words.desk[deed as 'take']}
            </Button>
          ))}
          {more.length > 0 && (
            <Menu position="bottom-start" shadow="md">
              <Menu.Target>
                <Button variant="default">
                  {words.desk.more} <span className="down" />
                </Button>
              </Menu.Target>
              <Menu.Dropdown>
                {more.map((deed) => (
                  <Menu.Item key={deed} onClick={() => begin(deed)}>
                    {words.desk[deed as 'forward']}
                  </Menu.Item>
                ))}
              </Menu.Dropdown>
            </Menu>
          )}
        </div>
      )}
      {open && (
        <DeedForm
          key={open}
          deed={open}
          item={item}
          policy={props.policy}
          working={act.isPending}
          over={!may(open)}
          onCancel={() => {
            forgetDraft(item.caseId, open)
            setOpen(null)
          }}
          onDone={(body) => act.mutate({ kind: open, body })}
        />
      )}
      <Warned warnings={act.data?.warnings} />
      {/* What is over says so in its form. */}
      {conflict && !(open && !may(open)) && (
        <p className="fault" role="alert">
          {words.cases.changedMeanwhile}
        </p>
      )}
      {!conflict && <Fault error={act.error} />}
    </section>
  )
}

/** These only add to the case, so that nobody has to have seen its latest change. */
const adds = new Set<Deed>(['note', 'attempt', 'escalate', 'watch', 'unwatch'])

const keyOf = (deed: Deed) => caseKeys.find(([, does]) => does === deed)?.[0]

function useKeys(begin: (deed: Deed) => void) {
  const latest = useRef(begin)
  latest.current = begin
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      const held = event.ctrlKey || event.metaKey || event.altKey
      // Already somebody's: g and then c goes to the cases.
      if (event.defaultPrevented || held || typing(event.target) || !shortcutsOn()) return
      if (event.target instanceof HTMLElement && event.target.closest('[role=dialog]')) return
      const deed = caseKeys.find(([letter]) => letter === event.key)?.[1]
      if (!deed || deed === 'select') return
      event.preventDefault()
      latest.current(deed)
    }
    document.addEventListener('keydown', pressed)
    return () => document.removeEventListener('keydown', pressed)
  }, [])
}
