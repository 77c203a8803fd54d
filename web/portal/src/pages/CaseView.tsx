// For: mending what went wrong for one customer. In: the case's id.
// Out: what they said and why it matters, what to do and how, what happened before, and what has been done.
import { SegmentedControl } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { post } from '../api/client.ts'
import { casePolicyQuery, caseQuery, programQuery } from '../api/queries.ts'
import { useMay } from '../api/useMay.ts'
import type { CaseDetail } from '../api/wire.ts'
import { Given } from '../parts/Score.tsx'
import { Timeline } from '../parts/Timeline.tsx'
import { Waiting } from '../parts/Waiting.tsx'
import { Wrong } from '../parts/Wrong.tsx'
import { useSpeech } from '../words/words.ts'
import { Plans } from './customer/Plans.tsx'
import { Advice, History, Mails, People, Priority, Similar, Themes } from './desk/CaseParts.tsx'
import { Deeds } from './desk/Deeds.tsx'
import { LinkTo } from './improve/LinkTo.tsx'
import { ResponseBody } from './ResponseView.tsx'

export default function CaseView() {
  const { id } = useParams({ from: '/shell/cases/$id' })
  const { words, language } = useSpeech()
  const found = useQuery(caseQuery(id, language))
  const program = useQuery(programQuery)
  const policy = useQuery(casePolicyQuery(language))
  useRead(found.data)
  const [whose, setWhose] = useState<'person' | 'account'>('person')
  if (found.isError) return <Wrong error={found.error} again={() => void found.refetch()} />
  if (!found.data) return <Waiting lines={8} />
  const item = found.data
  const [latest, ...earlier] = item.responses
  const shown = latest?.response ?? item.response
  const timeline = whose === 'person' ? item.timeline : item.accountTimeline
  return (
    <div className="case-view">
      <header className="one-head">
        <Given score={shown.score ?? item.score} />
        <div>
          <h2>
            <bdi>{item.contact?.name ?? words.common.noName}</bdi>
          </h2>
          <p className="links">
            {item.account && (
              <Link to="/accounts/$id" params={{ id: item.account.id }}>
                <bdi>{item.account.name ?? words.desk.account}</bdi>
              </Link>
            )}
            {item.contact && (
              <Link to="/customers/$id" params={{ id: item.contact.id }}>
                {words.responses.openCustomer}
              </Link>
            )}
          </p>
        </div>
      </header>
      <Deeds item={item} policy={policy.data} key={item.caseId} />
      <Advice item={item} />
      <ResponseBody response={shown} program={program.data} within />
      <Themes found={latest?.themes ?? []} policy={policy.data} />
      {earlier.length > 0 && (
        <details className="earlier">
          <summary>{words.desk.earlier(String(earlier.length))}</summary>
          {earlier.map(({ responseId, response, themes }) => (
            <div key={responseId}>
              <ResponseBody response={response} program={program.data} within />
              <Themes found={themes} policy={policy.data} />
            </div>
          ))}
        </details>
      )}
      <Priority item={item} policy={policy.data} />
      <Mails item={item} />
      <Similar item={item} policy={policy.data} />
      <People item={item} />
      {item.contact && (
        <Plans
          contactId={item.contact.id}
          caseId={item.caseId}
          readers={[
            { id: item.contact.id, name: item.contact.name ?? words.common.noName, email: item.advice.to },
          ]}
        />
      )}
      <LinkTo
        thing={{ caseId: item.caseId }}
        start={{ theme: item.themes[0] ?? null, cause: item.record.cause }}
      />
      {(item.timeline.length > 0 || item.accountTimeline.length > 0) && (
        <section>
          <div className="section-head">
            <h3>{words.cases.timeline}</h3>
            {item.account && (
              <SegmentedControl
                aria-label={words.desk.timelineOf}
                size="xs"
                data={[
                  { value: 'person', label: item.contact?.name ?? words.desk.person_ },
                  { value: 'account', label: item.account.name ?? words.desk.account },
                ]}
                value={whose}
                onChange={(next) => setWhose(next as 'person' | 'account')}
              />
            )}
          </div>
          <Timeline
            key={whose}
            items={timeline}
            program={program.data}
            most={12}
            named={whose === 'account'}
          />
        </section>
      )}
      <History item={item} policy={policy.data} />
    </div>
  )
}

/** Tells that what came from the customer has been read; whether it is one's to read the server knows. */
function useRead(item: CaseDetail | undefined) {
  const client = useQueryClient()
  const mayWrite = useMay('cases:write')
  const { mutate } = useMutation({
    mutationFn: ({ caseId, revision }: { caseId: string; revision: number }) =>
      post(`/v1/cases/${encodeURIComponent(caseId)}/read`, { revision }),
    onSettled: () => client.invalidateQueries({ queryKey: ['cases'] }),
  })
  const { caseId, revision, news } = item ?? {}
  useEffect(() => {
    if (mayWrite && news && caseId !== undefined && revision !== undefined) mutate({ caseId, revision })
  }, [mayWrite, news, caseId, revision, mutate])
}
