import { Button, Menu, Modal, NumberInput } from '@mantine/core'
import { useState } from 'react'
import { useWords } from '../../words/words.ts'

/** Noting what became of something: won asks what it was worth. */
export function Settle<State extends string>(props: {
  name: string
  states: readonly State[]
  onSettle: (state: State, value?: number) => void
  working: boolean
}) {
  const words = useWords()
  const [worth, setWorth] = useState<State | null>(null)
  const [value, setValue] = useState<number | ''>('')
  const said = words.promoters
  return (
    <>
      <Menu position="bottom-end" shadow="md">
        <Menu.Target>
          <Button
            variant="default"
            size="compact-sm"
            loading={props.working}
            aria-label={said.settleOf(props.name)}
          >
            {said.settle} <span className="down" />
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {props.states.map((state) => (
            <Menu.Item
              key={state}
              onClick={() => (state === 'won' ? setWorth(state) : props.onSettle(state))}
            >
              {said.states[state] ?? state}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      <Modal
        opened={worth !== null}
        onClose={() => setWorth(null)}
        title={said.settleOf(props.name)}
        closeButtonProps={{ 'aria-label': words.common.close }}
      >
        <form
          className="deed"
          onSubmit={(event) => {
            event.preventDefault()
            if (worth) props.onSettle(worth, value === '' ? undefined : value)
            setWorth(null)
          }}
        >
          <NumberInput
            label={said.worth}
            min={0}
            hideControls
            value={value}
            onChange={(next) => setValue(typeof next === 'number' ? next : '')}
            data-autofocus
          />
          <Button type="submit">{said.states.won}</Button>
        </form>
      </Modal>
    </>
  )
}
