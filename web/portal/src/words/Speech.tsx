import { type ReactNode, useEffect, useMemo, useState } from 'react'
import type { Words } from './shape.ts'
import { type Language, loadWords, rememberLanguage, SpeechContext } from './words.ts'

/** Gives the pages below the words of the chosen language, and tells the browser which it is. */
export function Speech(props: { language: Language; words: Words; children: ReactNode }) {
  const [now, setNow] = useState({ language: props.language, words: props.words })
  useEffect(() => {
    document.documentElement.lang = now.language
  }, [now.language])
  const speech = useMemo(
    () => ({
      ...now,
      setLanguage: (language: Language) => {
        rememberLanguage(language)
        void loadWords(language).then((words) => setNow({ language, words }))
      },
    }),
    [now],
  )
  return <SpeechContext value={speech}>{props.children}</SpeechContext>
}
