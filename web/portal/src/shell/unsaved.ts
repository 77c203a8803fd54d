// For: text that would be lost by leaving. In: whether there is some, and how to ask. Out: a link, back or a closed tab asks first.
import { useBlocker } from '@tanstack/react-router'
import { useEffect } from 'react'

type MayLose = () => Promise<boolean>
const asking = new Set<MayLose>()

/** Asks before the page is left while there is something to lose; the browser asks before it reloads or closes.
 * @param mayLose asks; true when the person wants to leave all the same. It asks no second time once it was told so.
 */
export function useUnsaved(isUnsaved: boolean, mayLose: MayLose) {
  useBlocker({
    disabled: !isUnsaved,
    // A file or a version chosen on the same page leaves nothing.
    shouldBlockFn: async ({ current, next }) => current.pathname !== next.pathname && !(await mayLose()),
  })
  useEffect(() => {
    if (!isUnsaved) return
    asking.add(mayLose)
    return () => {
      asking.delete(mayLose)
    }
  }, [isUnsaved, mayLose])
}

/** For what cannot be taken back once it is done, such as signing out. */
export async function mayLeave(): Promise<boolean> {
  for (const mayLose of asking) if (!(await mayLose())) return false
  return true
}
