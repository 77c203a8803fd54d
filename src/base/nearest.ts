const mostNames = 2000

/** The name that was probably meant, by edit distance; undefined when none is near. */
export function nearest(written: string, names: Iterable<string>): string | undefined {
  if (written.length > 60) return undefined
  let best: string | undefined
  let bestDistance = Math.floor(written.length / 3) + 1
  let looked = 0
  for (const name of names) {
    if (++looked > mostNames) break
    if (Math.abs(name.length - written.length) >= bestDistance) continue
    const distance = editDistance(written.toLowerCase(), name.toLowerCase())
    if (distance < bestDistance) {
      best = name
      bestDistance = distance
    }
  }
  return best
}

/** The end of a message: what was probably meant, else what there is. */
export function suggestion(written: string, names: readonly string[]): string {
  const near = nearest(written, names)
  if (near !== undefined) return `; did you mean "${near}"?`
  if (names.length === 0) return ''
  const shown = names.slice(0, 12).join(', ')
  return names.length > 12 ? `; there are ${shown} and ${names.length - 12} more` : `; there is ${shown}`
}

/** Damerau-Levenshtein distance (optimal string alignment): a swap of neighbours counts one.
 * @see Damerau 1964, CACM 7(3):171
 */
function editDistance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, column) => column)]
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1]
      let least = Math.min(rows[i - 1]![j]! + 1, row[j - 1]! + 1, rows[i - 1]![j - 1]! + (same ? 0 : 1))
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        least = Math.min(least, rows[i - 2]![j - 2]! + 1)
      row.push(least)
    }
    rows.push(row)
  }
  return rows[a.length]![b.length]!
}
