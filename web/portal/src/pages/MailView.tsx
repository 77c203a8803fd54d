// For: one mail as its receiver sees it. In: its id. Out: the HTML in a frame without rights, its text, its headers.
import { Tabs } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { mailQuery } from '../api/queries.ts'
import { Waiting } from '../parts/Waiting.tsx'
import { Wrong } from '../parts/Wrong.tsx'
import { useFormats } from '../words/format.ts'
import { useWords } from '../words/words.ts'
import { breakable } from './customer/Facts.tsx'

export default function MailView() {
  const words = useWords()
  const formats = useFormats()
  const { id } = useParams({ from: '/shell/mailbox/$id' })
  const found = useQuery(mailQuery(id))
  if (found.isError) return <Wrong error={found.error} again={() => void found.refetch()} />
  if (!found.data) return <Waiting lines={8} />
  const mail = found.data
  return (
    <article className="one">
      <header className="one-head">
        <h2>{mail.subject}</h2>
      </header>
      <dl className="facts spread">
        <div>
          <dt>{words.mailbox.from}</dt>
          <dd>{breakable(mail.from)}</dd>
        </div>
        <div>
          <dt>{words.mailbox.to}</dt>
          <dd>{breakable(mail.to)}</dd>
        </div>
        <div>
          <dt>{words.mailbox.received}</dt>
          <dd>{formats.exact(mail.receivedAt)}</dd>
        </div>
      </dl>
      <Tabs defaultValue={mail.html ? 'html' : 'text'} keepMounted={false} key={mail.id}>
        <Tabs.List>
          {mail.html && <Tabs.Tab value="html">{words.mailbox.html}</Tabs.Tab>}
          <Tabs.Tab value="text">{words.mailbox.text}</Tabs.Tab>
          <Tabs.Tab value="headers">{words.mailbox.headers}</Tabs.Tab>
        </Tabs.List>
        {mail.html && (
          <Tabs.Panel value="html">
            {/* No scripts, no forms, no same origin: a mail may hold anything. Its links open in a new window. */}
            <iframe
              className="mail-frame"
              title={words.mailbox.frame(mail.subject)}
              sandbox="allow-popups allow-popups-to-escape-sandbox"
              srcDoc={withBase(mail.html)}
            />
          </Tabs.Panel>
        )}
        <Tabs.Panel value="text">
          <pre className="mail-text">{mail.text ?? ''}</pre>
        </Tabs.Panel>
        <Tabs.Panel value="headers">
          <dl className="headers">
            {mail.headers.map((header, at) => (
              // Headers may repeat; their place tells them apart.
              // biome-ignore lint/suspicious/noArrayIndexKey: a mail never changes
              <div key={`${header.name} ${at}`}>
                <dt>{header.name}</dt>
                <dd>{header.value}</dd>
              </div>
            ))}
          </dl>
        </Tabs.Panel>
      </Tabs>
    </article>
  )
}

const base = '<base target="_blank">'
const withBase = (html: string) =>
  /<head[^>]*>/i.test(html) ? html.replace(/<head[^>]*>/i, (head) => head + base) : base + html
