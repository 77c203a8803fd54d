import { Button } from '@mantine/core'
import { useWords } from '../words/words.ts'

/** Fetches the next page of a list; nothing where there is none.
 * @param small beside text and tables, where a whole button would be loud
 */
export function More(props: {
  list: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => Promise<unknown> }
  small?: boolean
}) {
  const words = useWords()
  const { list } = props
  if (!list.hasNextPage) return null
  return (
    <Button
      variant="default"
      {...(props.small ? { size: 'compact-sm' } : {})}
      loading={list.isFetchingNextPage}
      onClick={() => void list.fetchNextPage()}
    >
      {words.common.more}
    </Button>
  )
}
