import { Progress } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { meQuery, progressQuery } from '../api/queries.ts'
import { useFormats } from '../words/format.ts'
import { useWords } from '../words/words.ts'

/** What has not gone on for so long has stopped. */
const stoppedAfter = 90_000

/** Long work under way, such as a demo being filled; the pages can be used meanwhile. */
export function ProgressLine() {
  const words = useWords()
  const formats = useFormats()
  const me = useQuery(meQuery)
  const progress = useQuery(progressQuery)
  const going = (progress.data ?? []).filter((work) => !work.finished && work.total > 0)
  const stopped = useStill(going.map(({ work, done }) => `${work} ${done}`).join())
  if (going.length === 0) return null
  return (
    <div className="progress-line" role="status">
      {going.map((work) => {
        const name = work.label ?? me.data?.workspace?.name ?? work.work
        const share = formats.plain((work.done / work.total) * 100)
        const label = stopped ? words.progress.stopped(name, share) : words.progress.filling(name)
        return (
          <div key={work.work}>
            <span>
              {label} {!stopped && <small>{share} %</small>}
            </span>
            <Progress
              value={(work.done / work.total) * 100}
              size={4}
              aria-label={label}
              {...(stopped ? { color: 'gray' } : {})}
            />
          </div>
        )
      })}
    </div>
  )
}

/** Whether something has been the same for long. */
function useStill(what: string): boolean {
  const [still, setStill] = useState<string>()
  useEffect(() => {
    const timer = setTimeout(() => setStill(what), stoppedAfter)
    return () => clearTimeout(timer)
  }, [what])
  return what !== '' && still === what
}
