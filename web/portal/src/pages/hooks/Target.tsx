// For: one place that is told. In: a webhook or chat channel, and what is its own. Out: how it stands, what one may do
// with it, and its posts.
import { Button, Menu, Modal } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { post, send } from '../../api/client.ts'
import { Fault } from '../../parts/Wrong.tsx'
import { useFormats } from '../../words/format.ts'
import { useWords } from '../../words/words.ts'
import { Deliveries } from './Deliveries.tsx'

export function Target(props: {
  id: string
  /** Where the server keeps it: a webhook by its id, a chat channel by its name. */
  path: string
  name: string
  about: string
  state: 'active' | 'paused' | 'gone'
  waiting: number
  dead: number
  onPause: (paused: boolean) => Promise<unknown>
  more?: ReactNode
  children?: ReactNode
}) {
  const words = useWords()
  const formats = useFormats()
  const client = useQueryClient()
  const [shown, setShown] = useState(false)
  const [removing, setRemoving] = useState(false)
  const said = words.hooks
  const again = () => client.invalidateQueries({ queryKey: ['hooks'] })
  const { path } = props
  const ping = useMutation({
    mutationFn: () => post(`${path}/ping`),
    onSuccess: () => setShown(true),
    onSettled: again,
  })
  const pause = useMutation({ mutationFn: props.onPause, onSettled: again })
  const remove = useMutation({ mutationFn: () => send('DELETE', path), onSettled: again })
  return (
    <li className="hook">
      <div className="hook-head">
        <span>
          <b className="hook-name">{props.name}</b>{' '}
          <span
            className={props.state === 'active' ? 'tag good' : props.state === 'gone' ? 'tag bad' : 'tag'}
          >
            {said.states[props.state]}
          </span>
          <small>{props.about}</small>
          <small>
            {[
              props.waiting > 0 ? said.waiting(formats.plain(props.waiting)) : '',
              props.dead > 0 ? said.dead(formats.plain(props.dead)) : '',
            ]
              .filter(Boolean)
              .join(' · ') || said.nothingWaits}
          </small>
        </span>
        <span className="case-buttons">
          <Button variant="default" size="compact-sm" loading={ping.isPending} onClick={() => ping.mutate()}>
            {said.ping}
          </Button>
          <Button variant="default" size="compact-sm" aria-expanded={shown} onClick={() => setShown(!shown)}>
            {said.deliveries}
          </Button>
          <Menu position="bottom-end" shadow="md">
            <Menu.Target>
              <Button variant="default" size="compact-sm" aria-label={said.moreOf(props.name)}>
                {words.desk.more} <span className="down" />
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item onClick={() => pause.mutate(props.state === 'active')}>
                {props.state === 'active' ? said.pause : said.resume}
              </Menu.Item>
              {props.more}
              <Menu.Item color="var(--detractor-ink)" onClick={() => setRemoving(true)}>
                {said.remove}
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        </span>
      </div>
      <Fault error={ping.error ?? pause.error ?? remove.error} />
      {props.children}
      {shown && <Deliveries target={props.id} dead={props.dead} />}
      <Modal
        opened={removing}
        onClose={() => setRemoving(false)}
        title={said.removeSure(props.name)}
        closeButtonProps={{ 'aria-label': words.common.close }}
      >
        <div className="deed">
          <p>{said.removeHelp}</p>
          <div className="case-buttons">
            <Button loading={remove.isPending} onClick={() => remove.mutate()} data-autofocus>
              {said.remove}
            </Button>
            <Button variant="default" onClick={() => setRemoving(false)}>
              {words.desk.cancel}
            </Button>
          </div>
        </div>
      </Modal>
    </li>
  )
}
