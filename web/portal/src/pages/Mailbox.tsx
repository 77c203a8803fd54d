// For: seeing every mail the built-in mail server received. In: nothing. Out: a list, and the one that is open beside it.
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { mailboxQuery } from '../api/queries.ts'
import { EmptyState } from '../parts/EmptyState.tsx'
import { More } from '../parts/More.tsx'
import { Waiting } from '../parts/Waiting.tsx'
import { Wrong } from '../parts/Wrong.tsx'
import { Page } from '../shell/Page.tsx'
import { Split } from '../shell/Split.tsx'
import { useFormats } from '../words/format.ts'
import { useWords } from '../words/words.ts'

export default function Mailbox() {
  const words = useWords()
  const formats = useFormats()
  const mails = useInfiniteQuery(mailboxQuery)
  const items = mails.data?.pages.flatMap((page) => page.items) ?? []
  const list = (
    <>
      {mails.isError && <Wrong error={mails.error} again={() => void mails.refetch()} />}
      {mails.isPending && <Waiting lines={8} height={22} />}
      {mails.isSuccess && items.length === 0 && (
        <EmptyState title={words.mailbox.none} help={words.mailbox.noneHelp} />
      )}
      <div className="list" data-list>
        {items.map((mail) => (
          <Link key={mail.id} to="/mailbox/$id" params={{ id: mail.id }} className="list-row plain">
            <span className="list-main">
              <span className="clamp">{mail.subject}</span>
              <small>{mail.to}</small>
            </span>
            <small className="list-when">{formats.ago(mail.receivedAt)}</small>
          </Link>
        ))}
      </div>
      <More list={mails} />
    </>
  )
  return (
    <Page title={words.mailbox.title} lead={words.mailbox.lead} wide>
      <Split list={list} back="/mailbox" empty={mails.isSuccess && items.length === 0} />
    </Page>
  )
}
