// For: words half written on a case, which reloading the page does not lose. In: the case, the deed and the field.
// Out: the words as they stand, kept in this tab until they are sent or given up.
import { useState } from 'react'

const fields = ['note', 'subject', 'text', 'channel'] as const
const place = (caseId: string, deed: string, field: string) => `draft ${caseId} ${deed} ${field}`

/** @param begin what stands there when nothing has been written yet */
export function useDraft(
  caseId: string,
  deed: string,
  field: (typeof fields)[number],
  begin: string,
): [string, (text: string) => void] {
  const key = place(caseId, deed, field)
  const [text, setText] = useState(() => sessionStorage.getItem(key) ?? begin)
  return [
    text,
    (next) => {
      sessionStorage.setItem(key, next)
      setText(next)
    },
  ]
}

export function forgetDraft(caseId: string, deed: string): void {
  for (const field of fields) sessionStorage.removeItem(place(caseId, deed, field))
}
