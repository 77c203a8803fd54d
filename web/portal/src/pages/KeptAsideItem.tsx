import { Button } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { post } from '../api/client.ts'
import { useMay } from '../api/useMay.ts'
import type { KeptAside } from '../api/wire.ts'
import { CodeArea } from '../parts/CodeArea.tsx'
import { Fault } from '../parts/Wrong.tsx'
import { useFormats } from '../words/format.ts'
import { useWords } from '../words/words.ts'

interface Receipt {
  status: 'recorded' | 'duplicate' | 'refused'
  code?: string
  detail?: string
}

/** One record that could not be used: why, its JSON to mend, and two ways out. */
export function KeptAsideItem(props: { item: KeptAside }) {
  const words = useWords()
  const formats = useFormats()
  const { item } = props
  const client = useQueryClient()
  const mayWrite = useMay('data:write')
  const [text, setText] = useState(() =>
    typeof item.record === 'string' ? item.record : JSON.stringify(item.record, null, 2),
  )
  const [unreadable, setUnreadable] = useState('')
  const [sure, setSure] = useState(false)
  const path = `/v1/kept-aside/${encodeURIComponent(item.recordId)}`
  const after = { onSettled: () => client.invalidateQueries({ queryKey: ['keptAside'] }) }
  const replay = useMutation({
    mutationFn: (record: unknown) => post<{ receipt: Receipt }>(`${path}/replay`, { record }),
    onSuccess: ({ receipt }) => {
      setUnreadable(receipt.status === 'refused' ? (receipt.detail ?? receipt.code ?? '') : '')
    },
    ...after,
  })
  const discard = useMutation({ mutationFn: () => post(`${path}/discard`), ...after })
  const play = () => {
    try {
      const record: unknown = JSON.parse(text)
      setUnreadable('')
      replay.mutate(record)
    } catch (error) {
      setUnreadable(`${words.data.notJson} ${error instanceof Error ? error.message : ''}`)
    }
  }
  return (
    <details className="kept">
      <summary>
        <span>
          <b>{item.detail}</b>
          <small>
            <code>{item.reason}</code> · {item.source ?? item.kind} · {formats.ago(item.receivedAt)}
          </small>
        </span>
      </summary>
      <CodeArea label={words.data.record} value={text} onChange={setText} readOnly={!mayWrite} rows={12} />
      {unreadable && (
        <p className="fault" role="alert">
          {unreadable}
        </p>
      )}
      <Fault error={replay.error ?? discard.error} />
      {mayWrite && (
        <div className="buttons">
          <Button loading={replay.isPending} onClick={play}>
            {words.data.replay}
          </Button>
          <Button
            variant={sure ? 'filled' : 'default'}
            color={sure ? 'red' : undefined}
            loading={discard.isPending}
            onClick={() => (sure ? discard.mutate() : setSure(true))}
            onBlur={() => setSure(false)}
          >
            {sure ? words.data.discardSure : words.data.discard}
          </Button>
        </div>
      )}
    </details>
  )
}
