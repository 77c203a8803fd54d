import { useEffect, useRef } from 'react'

/** Of a row of tabs that is wider than the page, the one that is open is in sight.
 * @param current what names it; a change moves the row
 */
export function useCurrentInView<Element extends HTMLElement>(current: string | undefined) {
  const row = useRef<Element>(null)
  useEffect(() => {
    void current
    const place = row.current
    const tab = place?.querySelector<HTMLElement>('[aria-current], [data-status=active]')
    // The row alone is moved, not the page.
    if (place && tab) place.scrollLeft = tab.offsetLeft - place.offsetLeft - 24
  })
  return row
}
