/** How many digits after the point show a mean: so many as asked, of one below 1 two that say something. Thus 40 seconds
 * are 0.011 hours, not 0.0.
 * @param size the mean; of an interval the limit that is further from 0, so that both ends have as many
 */
export function meanDigits(size: number, usual: number): number {
  const leading = size === 0 ? 0 : Math.floor(Math.log10(Math.abs(size)))
  return Math.max(usual, Math.min(1 - leading, most))
}

/** Below it nothing is left to tell: a ten-millionth of an hour. */
const most = 7
