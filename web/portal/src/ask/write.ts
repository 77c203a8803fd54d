// For: an Ask outside the portal. In: an Ask. Out: its command line, and its shortest form.
import { askText } from '../../../../src/insight/askText.ts'
import type { Ask } from '../api/wire.ts'

/** A line for a POSIX shell: single quotes within are closed, escaped and opened again. */
export const commandLine = (ask: Ask, workspace?: string) =>
  `samklang ask '${askText(ask).replaceAll("'", `'\\''`)}'${workspace ? ` --workspace ${workspace}` : ''}`

/** Leaves out what is empty, so that equal questions have equal addresses. */
export function tidy(ask: Ask): Ask {
  const entries = Object.entries(ask).filter(
    ([, value]) => value !== undefined && value !== '' && !(Array.isArray(value) && value.length === 0),
  )
  return Object.fromEntries(entries) as unknown as Ask
}
