// For: answers of customers that nobody dared to put on a case by themselves. In: what was kept aside, and why.
// Out: each put on its case or put away by a person.
import { Button } from '@mantine/core'
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { post } from '../../api/client.ts'
import { mailsAsideQuery } from '../../api/queries.ts'
import { Fault } from '../../parts/Wrong.tsx'
import { useFormats } from '../../words/format.ts'
import { useWords } from '../../words/words.ts'

export function Aside() {
  const words = useWords()
  const formats = useFormats()
  const client = useQueryClient()
  const found = useInfiniteQuery(mailsAsideQuery)
  const said = words.desk.aside
  const settle = useMutation({
    mutationFn: (wish: { id: string; how: 'accept' | 'discard' }) =>
      post(`/v1/case-mails/${encodeURIComponent(wish.id)}/${wish.how}`),
    onSettled: () => client.invalidateQueries({ queryKey: ['cases'] }),
  })
  const items = found.data?.pages.flatMap((page) => page.items) ?? []
  if (items.length === 0) return null
  const total = found.data?.pages[0]?.total ?? items.length
  return (
    // A mail that tells of a flood leads here.
    <details className="aside-mails" id="aside" open={location.hash === '#aside' || undefined}>
      <summary>{said.title(formats.plain(total))}</summary>
      <p className="quiet">{said.lead}</p>
      <Fault error={settle.error} />
      <ul className="key-list">
        {items.map((mail) => (
          <li key={mail.mailId}>
            <span>
              <b>{mail.from}</b> {mail.subject}{' '}
              <span className="tag bad">{said.reasons[mail.aside ?? '']}</span>
              <span className="mail-said clamp">{mail.text}</span>
              <small>
                {formats.moment(mail.at)} ·{' '}
                <Link to="/cases/$id" params={{ id: mail.caseId }}>
                  {said.theCase}
                </Link>
              </small>
            </span>
            <span className="case-buttons">
              {(['accept', 'discard'] as const).map((how) => (
                <Button
                  key={how}
                  variant="default"
                  size="compact-sm"
                  loading={
                    settle.isPending && settle.variables?.id === mail.mailId && settle.variables.how === how
                  }
                  onClick={() => settle.mutate({ id: mail.mailId, how })}
                >
                  {said[how]}
                </Button>
              ))}
            </span>
          </li>
        ))}
      </ul>
      {found.hasNextPage && (
        <Button
          variant="default"
          size="compact-sm"
          loading={found.isFetchingNextPage}
          onClick={() => void found.fetchNextPage()}
        >
          {words.common.more}
        </Button>
      )}
    </details>
  )
}
