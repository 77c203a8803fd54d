import { Skeleton } from '@mantine/core'
import { useWords } from '../words/words.ts'

/** Grey lines in the place of what is being read. */
export function Waiting(props: { lines?: number; height?: number }) {
  const words = useWords()
  const lines = Array.from({ length: props.lines ?? 3 }, (_, at) => at)
  return (
    <div className="waiting" role="status" aria-label={words.common.loading}>
      {lines.map((at) => (
        <Skeleton key={at} height={props.height ?? 14} radius={6} width={`${94 - ((at * 23) % 40)}%`} />
      ))}
    </div>
  )
}
