import { describe, expect, it } from 'vitest'
import type { CaseItem } from '../api/wire.ts'
import { en } from '../words/en.ts'
import { formats } from '../words/format.ts'
import type { Words } from '../words/shape.ts'
import { cannotWait } from './cannotWait.ts'

const words = en as Words
const hours = (many: number) => new Date(Date.now() + many * 3_600_000 + 60_000).toISOString()
/** What the choice is made by; the rest of a case has no part in it. */
const open = (caseId: string, due: number, more: Partial<CaseItem> = {}) =>
  ({ caseId, contactDueAt: hours(due), contactedAt: null, news: false, ...more }) as CaseItem

describe('the cases that cannot wait', () => {
  it('are those that nobody has reached, with the time that is left, and those whose customer has written since', () => {
    const reached = { contactedAt: hours(-1) }
    const shown = cannotWait(
      [
        open('wrote after the call', -5, { ...reached, news: true }),
        open('wrote again', 3, { news: true }),
        open('late', -4),
        open('due', 20),
        open('reached', -9, reached),
      ],
      words,
      formats('en', words),
    )
    expect(shown.map(({ item, text, late }) => [item.caseId, text, late])).toEqual([
      ['wrote after the call', 'News from the customer', false],
      ['wrote again', '3 h left', false],
      ['late', '3 h late', true],
      ['due', '20 h left', false],
    ])
  })

  it('are none where everybody has been reached', () => {
    expect(
      cannotWait([open('reached', -9, { contactedAt: hours(-1) })], words, formats('en', words)),
    ).toEqual([])
  })
})
