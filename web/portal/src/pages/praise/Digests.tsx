import { useQuery } from '@tanstack/react-query'
import { digestsQuery } from '../../api/loopQueries.ts'
import type { Digest } from '../../api/loopWire.ts'
import { Card } from '../../parts/Card.tsx'
import { readable, useFormats } from '../../words/format.ts'
import { useWords } from '../../words/words.ts'

/** Summaries as the program has them: to whom, how often, and when the next goes out. */
export function Digests() {
  const words = useWords()
  const formats = useFormats()
  const digests = useQuery(digestsQuery)
  const said = words.praise.digests
  if (!digests.data) return null
  const often = (digest: Digest) =>
    digest.every === 'day'
      ? said.daily(digest.at)
      : digest.every === 'week'
        ? said.weekly(said.days[digest.on ?? 'mon'] ?? '', digest.at)
        : said.monthly(formats.plain(digest.dayOfMonth ?? 1), digest.at)
  const who = (to: string) => {
    const [kind = '', name = ''] = to.split('.')
    return name ? readable(name) : (said.readers[kind] ?? readable(kind))
  }
  return (
    <Card title={said.title}>
      {digests.data.length === 0 && <p className="quiet">{said.none}</p>}
      <ul className="key-list">
        {digests.data.map((digest) => (
          <li key={digest.id}>
            <span>
              <b>{often(digest)}</b> {said.to(digest.to.map(who).join(', '))}
              <small>
                {(digest.about ?? Object.keys(said.about)).map((each) => said.about[each] ?? each).join(', ')}
                {digest.nextAt && ` · ${said.next(formats.moment(digest.nextAt))}`}
              </small>
            </span>
          </li>
        ))}
      </ul>
    </Card>
  )
}
