import { expect, it } from 'vitest'
import type { CaseItem } from '../api/wire.ts'
import { cannotWait } from './cannotWait.ts'

/** What the choice is made by; the rest of a case has no part in it. */
const open = (caseId: string, contactedAt: string | null, news: boolean) =>
  ({ caseId, contactedAt, news }) as CaseItem

it('those cannot wait whom nobody has reached, and those who have written since', () => {
  const called = '2026-03-02T09:00:00.000Z'
  const shown = cannotWait([
    open('wrote after the call', called, true),
    open('wrote again', null, true),
    open('waits', null, false),
    open('called', called, false),
  ])
  expect(shown.map(({ caseId }) => caseId)).toEqual(['wrote after the call', 'wrote again', 'waits'])
  expect(cannotWait([open('called', called, false)])).toEqual([])
})
