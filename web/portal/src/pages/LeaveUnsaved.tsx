// For: leaving what has not been saved. In: the answer wished for. Out: a question, stay or leave.
import { Button, Modal } from '@mantine/core'
import { useCallback, useRef, useState } from 'react'
import { useUnsaved } from '../shell/unsaved.ts'
import { useWords } from '../words/words.ts'

/** Asks before unsaved text is left, by whichever way.
 * @returns mayLose, to ask by oneself; the dialog to draw
 */
export function useLeaving(isUnsaved: boolean) {
  const [asked, setAsked] = useState<{ answer: (leaves: boolean) => void } | null>(null)
  const agreed = useRef(false)
  const mayLose = useCallback(() => {
    if (agreed.current) return Promise.resolve(true)
    return new Promise<boolean>((answer) => {
      setAsked((before) => {
        before?.answer(false)
        return { answer }
      })
    })
  }, [])
  useUnsaved(isUnsaved, mayLose)
  const settle = (leaves: boolean) => {
    agreed.current = leaves
    asked?.answer(leaves)
    setAsked(null)
  }
  return { mayLose, dialog: <LeaveDialog opened={asked !== null} onSettle={settle} /> }
}

function LeaveDialog(props: { opened: boolean; onSettle: (leaves: boolean) => void }) {
  const words = useWords()
  return (
    <Modal
      opened={props.opened}
      onClose={() => props.onSettle(false)}
      title={words.program.unsaved}
      closeButtonProps={{ 'aria-label': words.common.close }}
    >
      <div className="deed">
        <p>{words.program.unsavedHelp}</p>
        <div className="case-buttons">
          <Button onClick={() => props.onSettle(false)} data-autofocus>
            {words.program.stay}
          </Button>
          <Button variant="default" onClick={() => props.onSettle(true)}>
            {words.program.stopEdit}
          </Button>
        </div>
      </div>
    </Modal>
  )
}
