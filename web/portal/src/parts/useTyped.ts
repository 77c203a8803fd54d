import { useEffect, useRef, useState } from 'react'

const pause = 250

/** Text being typed: shown at once, told a moment after the last key. */
export function useTyped(value: string, tell: (value: string) => void): [string, (value: string) => void] {
  const [text, setText] = useState(value)
  const told = useRef(value)
  const latest = useRef(tell)
  latest.current = tell
  useEffect(() => {
    // Changed from outside, as by the back button.
    if (value !== told.current) {
      told.current = value
      setText(value)
    }
  }, [value])
  useEffect(() => {
    if (text === told.current) return
    const timer = setTimeout(() => {
      told.current = text
      latest.current(text)
    }, pause)
    return () => clearTimeout(timer)
  }, [text])
  return [text, setText]
}
