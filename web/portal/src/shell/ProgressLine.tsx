import { Progress } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { meQuery, progressQuery } from '../api/queries.ts'
import { useFormats } from '../words/format.ts'
import { useWords } from '../words/words.ts'

/** Long work under way, such as a demo being filled; the pages can be used meanwhile. */
export function ProgressLine() {
  const words = useWords()
  const formats = useFormats()
  const me = useQuery(meQuery)
  // What stops says nothing of it.
  const progress = useQuery({ ...progressQuery, refetchInterval: 30_000 })
  const going = (progress.data ?? []).filter((work) => !work.finished && work.total > 0)
  if (going.length === 0) return null
  return (
    <div className="progress-line" role="status">
      {going.map((work) => {
        const name = work.label ?? me.data?.workspace?.name ?? work.work
        const share = formats.plain((work.done / work.total) * 100)
        const label = work.stopped ? words.progress.stopped(name, share) : words.progress.filling(name)
        return (
          <div key={work.work}>
            <span>
              {label} {!work.stopped && <small>{share} %</small>}
            </span>
            <Progress
              value={(work.done / work.total) * 100}
              size={4}
              aria-label={label}
              {...(work.stopped ? { color: 'gray' } : {})}
            />
          </div>
        )
      })}
    </div>
  )
}
