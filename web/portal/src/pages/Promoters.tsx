// For: those who speak well of us. In: kind and state in the address.
// Out: what was asked and offered and what came of it, leads they sent, and the register of ambassadors.
import { Button, Select } from '@mantine/core'
import { useMutation, useQueries, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { post, send } from '../api/client.ts'
import { actsQuery, ambassadorsQuery, leadsQuery, outcomesQuery } from '../api/loopQueries.ts'
import type { Act, Lead } from '../api/loopWire.ts'
import { askQuery } from '../api/queries.ts'
import { useMay } from '../api/useMay.ts'
import { Card } from '../parts/Card.tsx'
import { EmptyState } from '../parts/EmptyState.tsx'
import { Waiting } from '../parts/Waiting.tsx'
import { Fault, Wrong } from '../parts/Wrong.tsx'
import { Page } from '../shell/Page.tsx'
import { SubNav } from '../shell/SubNav.tsx'
import { readable, useFormats } from '../words/format.ts'
import { useSpeech, useWords } from '../words/words.ts'
import { ToProgram } from './empty.tsx'
import { promoterShares } from './loop/rows.ts'
import { Shares } from './loop/Shares.tsx'
import { Outcomes, useCurrency } from './promoters/Outcomes.tsx'
import { Settle } from './promoters/Settle.tsx'

const kinds = ['thanks', 'reference', 'referral', 'review', 'upsell'] as const
const shownAtFirst = 15
const actStates = ['sent', 'withheld', 'open', 'accepted', 'declined', 'won', 'lost'] as const

export default function Promoters() {
  const words = useWords()
  const outcomes = useQuery(outcomesQuery)
  const none = outcomes.data?.length === 0
  return (
    <Page title={words.loop.title}>
      <SubNav of="loop" />
      <p className="page-lead in-page">{words.promoters.lead}</p>
      {outcomes.isError && <Wrong error={outcomes.error} again={() => void outcomes.refetch()} />}
      {outcomes.isPending && <Waiting lines={6} />}
      {none && (
        <EmptyState
          title={words.promoters.none}
          help={words.promoters.noneHelp}
          code={
            'promoters:\n  rules:\n    - id: refer\n      when: answers.recommend >= 9\n      do: referral\n      template: refer\n      url: https://example.org'
          }
        >
          <ToProgram />
        </EmptyState>
      )}
      {outcomes.data && !none && (
        <>
          <Asked />
          <Outcomes outcomes={outcomes.data} />
          <Leads />
          <Ambassadors />
          <Acts />
        </>
      )}
    </Page>
  )
}

/** What came of the promoters, as numbers that can be opened and asked further. */
function Asked() {
  const { words, language } = useSpeech()
  const results = useQueries({ queries: promoterShares.map((metric) => askQuery({ metric }, language)) })
  const shares = results.flatMap(({ data }) =>
    data ? [{ ask: data.ask, row: data.total, metric: data.metric }] : [],
  )
  const failed = results.find(({ isError }) => isError)
  if (failed) return <Wrong error={failed.error} again={() => void failed.refetch()} />
  // All at once, in a place kept for them, so that nothing below is pushed away.
  if (shares.length < promoterShares.length) return <Waiting lines={5} height={38} />
  return <Shares title={words.promoters.asked} metrics={promoterShares} shares={shares} />
}

function Leads() {
  const words = useWords()
  const formats = useFormats()
  const client = useQueryClient()
  const currency = useCurrency()
  const mayWrite = useMay('cases:write')
  const leads = useQuery(leadsQuery)
  const said = words.promoters
  const settle = useMutation({
    mutationFn: (wish: { lead: Lead; state: string; value?: number | undefined }) =>
      post(`/v1/leads/${encodeURIComponent(wish.lead.leadId)}`, {
        state: wish.state,
        ...(wish.value === undefined ? {} : { value: wish.value }),
      }),
    onSettled: () => client.invalidateQueries({ queryKey: ['promoters'] }),
  })
  return (
    <Card title={said.leadsTitle}>
      {leads.isError && <Wrong error={leads.error} again={() => void leads.refetch()} />}
      {leads.data?.length === 0 && <p className="quiet">{said.noLeads}</p>}
      <Fault error={settle.error} />
      <ul className="key-list lead-list">
        {leads.data?.map((lead) => (
          <li key={lead.leadId}>
            <span>
              <b>{lead.name}</b> <a href={`mailto:${lead.email}`}>{lead.email}</a>
              {lead.message && <span className="lead-said">{lead.message}</span>}
              <small>
                {[
                  lead.from ? said.sentBy(lead.from) : '',
                  formats.ago(lead.at),
                  said.states[lead.state] ?? lead.state,
                  lead.value ? formats.money(lead.value, currency) : '',
                ]
                  .filter(Boolean)
                  .join(' · ')}
              </small>
            </span>
            {mayWrite && (
              <Settle
                name={lead.name}
                states={(['won', 'lost', 'open'] as const).filter((state) => state !== lead.state)}
                working={settle.isPending && settle.variables?.lead === lead}
                onSettle={(state, value) => settle.mutate({ lead, state, value })}
              />
            )}
          </li>
        ))}
      </ul>
    </Card>
  )
}

function Ambassadors() {
  const words = useWords()
  const formats = useFormats()
  const client = useQueryClient()
  const mayWrite = useMay('cases:write')
  const found = useQuery(ambassadorsQuery)
  const said = words.promoters
  const change = useMutation({
    mutationFn: (wish: { id: string; active: boolean }) =>
      send('PUT', `/v1/ambassadors/${encodeURIComponent(wish.id)}`, { active: wish.active }),
    onSettled: () => client.invalidateQueries({ queryKey: ['promoters'] }),
  })
  return (
    <Card title={said.ambassadors}>
      {found.isError && <Wrong error={found.error} again={() => void found.refetch()} />}
      {found.data?.length === 0 && <p className="quiet">{said.noAmbassadors}</p>}
      <Fault error={change.error} />
      <ul className="key-list">
        {found.data?.map((each) => (
          <li key={each.contactId} className={each.state === 'left' ? 'faded' : ''}>
            <span>
              <Link to="/customers/$id" params={{ id: each.contactId }}>
                {each.name ?? words.common.noName}
              </Link>
              {each.account && <span className="quiet"> {each.account}</span>}
              <small>
                {[
                  each.state === 'left' ? said.left : said.since(formats.day(each.since)),
                  said.because[each.because] ?? each.because,
                  said.brought(formats.plain(each.leads), formats.plain(each.won)),
                ].join(' · ')}
              </small>
            </span>
            {mayWrite && (
              <Button
                variant="default"
                size="compact-sm"
                loading={change.isPending && change.variables?.id === each.contactId}
                onClick={() => change.mutate({ id: each.contactId, active: each.state === 'left' })}
              >
                {each.state === 'left' ? said.enter : said.takeOut}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </Card>
  )
}

/** What may become of an act of each kind; of a mail of thanks nothing does. */
const settles: Record<Act['kind'], readonly ('accepted' | 'declined' | 'won' | 'lost')[]> = {
  thanks: [],
  reference: ['accepted', 'declined'],
  referral: [],
  review: [],
  upsell: ['won', 'lost'],
}

function Acts() {
  const words = useWords()
  const formats = useFormats()
  const client = useQueryClient()
  const currency = useCurrency()
  const search = useSearch({ from: '/shell/promoters' })
  const go = useNavigate({ from: '/promoters' })
  const mayWrite = useMay('cases:write')
  const acts = useQuery(actsQuery(search))
  const [most, setMost] = useState(shownAtFirst)
  const said = words.promoters
  const change = (part: Partial<typeof search>) =>
    void go({ search: (before) => ({ ...before, ...part }), replace: true, resetScroll: false })
  const settle = useMutation({
    mutationFn: (wish: { act: Act; state: string; value?: number | undefined }) =>
      post(`/v1/promoters/${encodeURIComponent(wish.act.actId)}`, {
        revision: wish.act.revision,
        state: wish.state,
        ...(wish.value === undefined ? {} : { value: wish.value }),
      }),
    onSettled: () => client.invalidateQueries({ queryKey: ['promoters'] }),
  })
  const clear = { clearable: true, clearButtonProps: { 'aria-label': words.common.clear } }
  return (
    <Card title={<span id="acts">{said.acts}</span>}>
      <div className="filters">
        <Select
          aria-label={said.what}
          placeholder={said.what}
          {...clear}
          data={kinds.map((each) => ({ value: each, label: said.kinds[each] }))}
          value={search.kind ?? null}
          onChange={(kind) => change({ kind: kind ?? undefined })}
        />
        <Select
          aria-label={said.state}
          placeholder={said.state}
          {...clear}
          data={actStates.map((each) => ({ value: each, label: said.states[each] ?? each }))}
          value={search.state ?? null}
          onChange={(state) => change({ state: state ?? undefined })}
        />
      </div>
      {acts.isError && <Wrong error={acts.error} again={() => void acts.refetch()} />}
      {acts.isPending && <Waiting lines={4} />}
      {acts.data?.length === 0 && <p className="quiet">{words.empty.filterNothing}</p>}
      <Fault error={settle.error} />
      <ul className="key-list">
        {acts.data?.slice(0, most).map((act) => (
          <li key={act.actId}>
            <span>
              <Link to="/responses/$id" params={{ id: act.responseId }}>
                {act.contactName ?? words.common.noName}
              </Link>
              {act.accountName && <span className="quiet"> {act.accountName}</span>}
              <small>
                {[
                  said.kinds[act.kind],
                  said.states[act.state] ?? act.state,
                  act.reason ? (said.reasons[act.reason] ?? readable(act.reason)) : '',
                  act.kind === 'upsell' ? (act.ownerName ?? act.owner ?? '') : '',
                  act.clicks > 0 ? said.clicks(formats.plain(act.clicks)) : '',
                  act.leads > 0 ? said.leadCount(formats.plain(act.leads)) : '',
                  act.value ? formats.money(act.value, currency) : '',
                  formats.ago(act.at),
                ]
                  .filter(Boolean)
                  .join(' · ')}
              </small>
            </span>
            {mayWrite && act.state !== 'withheld' && settles[act.kind].length > 0 && (
              <Settle
                name={act.contactName ?? act.rule}
                states={settles[act.kind].filter((state) => state !== act.state)}
                working={settle.isPending && settle.variables?.act === act}
                onSettle={(state, value) => settle.mutate({ act, state, value })}
              />
            )}
          </li>
        ))}
      </ul>
      {(acts.data?.length ?? 0) > most && (
        <button type="button" className="text-button" onClick={() => setMost(most + shownAtFirst * 2)}>
          {words.common.more}
        </button>
      )}
    </Card>
  )
}
