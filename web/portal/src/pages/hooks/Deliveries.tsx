import { Button, SegmentedControl } from '@mantine/core'
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { post } from '../../api/client.ts'
import { deliveriesQuery } from '../../api/loopQueries.ts'
import type { Delivery } from '../../api/loopWire.ts'
import { More } from '../../parts/More.tsx'
import { Waiting } from '../../parts/Waiting.tsx'
import { Fault, Wrong } from '../../parts/Wrong.tsx'
import { useFormats } from '../../words/format.ts'
import { useWords } from '../../words/words.ts'

/** What was and is to be posted to one place; what was given up can be posted again. */
export function Deliveries(props: { target: string; dead: number }) {
  const words = useWords()
  const formats = useFormats()
  const client = useQueryClient()
  const [state, setState] = useState('')
  const found = useInfiniteQuery(deliveriesQuery(props.target, state || undefined))
  const said = words.hooks
  const replay = useMutation({
    mutationFn: (which: { delivery?: string; state?: string }) =>
      post<{ replayed: number }>('/v1/deliveries/replay', { target: props.target, ...which }),
    onSettled: () => client.invalidateQueries({ queryKey: ['hooks'] }),
  })
  const items = found.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <div className="deliveries">
      <div className="case-buttons">
        <SegmentedControl
          size="xs"
          aria-label={said.deliveries}
          data={['', 'queued', 'delivered', 'dead'].map((each) => ({
            value: each,
            label: each ? (said.deliveryStates[each] ?? each) : words.common.all,
          }))}
          value={state}
          onChange={setState}
        />
        {props.dead > 0 && (
          <Button
            size="compact-sm"
            loading={replay.isPending && replay.variables?.state === 'dead'}
            onClick={() => replay.mutate({ state: 'dead' })}
          >
            {said.replayDead(formats.plain(props.dead))}
          </Button>
        )}
      </div>
      <Fault error={replay.error} />
      {found.isError && <Wrong error={found.error} again={() => void found.refetch()} />}
      {found.isPending && <Waiting lines={3} />}
      {found.isSuccess && items.length === 0 && <p className="quiet">{said.noDeliveries}</p>}
      <ul className="key-list">
        {items.map((item) => (
          <Post
            key={item.deliveryId}
            item={item}
            working={replay.isPending && replay.variables?.delivery === item.deliveryId}
            onReplay={() => replay.mutate({ delivery: item.deliveryId })}
          />
        ))}
      </ul>
      <More list={found} small />
    </div>
  )
}

function Post(props: { item: Delivery; working: boolean; onReplay: () => void }) {
  const words = useWords()
  const formats = useFormats()
  const { item } = props
  const said = words.hooks
  const name = said.eventNames[item.event] ?? item.event
  return (
    <li>
      <span>
        <b>{name}</b> <span className="quiet">#{item.sequence}</span>{' '}
        <span className={item.state === 'delivered' ? 'tag good' : item.state === 'dead' ? 'tag bad' : 'tag'}>
          {said.deliveryStates[item.state] ?? item.state}
        </span>
        <small>
          {[
            formats.exact(item.occurredAt),
            item.attempts > 0 ? said.attempts(formats.plain(item.attempts)) : '',
            item.status === null ? '' : said.answered(String(item.status)),
            item.error ?? '',
            item.state === 'queued' && item.attempts > 0 ? said.tryAt(formats.moment(item.tryAt)) : '',
          ]
            .filter(Boolean)
            .join(' · ')}
        </small>
      </span>
      {item.state !== 'sending' && (
        <Button variant="default" size="compact-sm" loading={props.working} onClick={props.onReplay}>
          {said.replay}
        </Button>
      )}
    </li>
  )
}
