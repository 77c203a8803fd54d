// For: the portal's text in the reader's language. In: a language code. Out: its words, and formats for numbers and time.
import { createContext, useContext } from 'react'
import type { Words } from './shape.ts'

export const languages = ['en', 'sv', 'nb'] as const
export type Language = (typeof languages)[number]
export const languageNames: Record<Language, string> = { en: 'English', sv: 'Svenska', nb: 'Norsk bokmål' }

const loaders: Record<Language, () => Promise<Words>> = {
  en: async () => (await import('./en.ts')).en,
  sv: async () => (await import('./sv.ts')).sv,
  nb: async () => (await import('./nb.ts')).nb,
}

export const loadWords = (language: Language) => loaders[language]()

const key = 'samklang-language'

/** The language chosen here before, else the browser's, else English. */
export function startLanguage(): Language {
  const wishes = [localStorage.getItem(key), ...navigator.languages]
  for (const wish of wishes) {
    const code = wish?.slice(0, 2).toLowerCase()
    if (code === 'no' || code === 'nn') return 'nb'
    const found = languages.find((each) => each === code)
    if (found) return found
  }
  return 'en'
}

export const rememberLanguage = (language: Language) => localStorage.setItem(key, language)

export interface Speech {
  language: Language
  words: Words
  setLanguage: (language: Language) => void
}

export const SpeechContext = createContext<Speech | null>(null)

export function useSpeech(): Speech {
  const speech = useContext(SpeechContext)
  if (!speech) throw new Error('the words are provided by Speech')
  return speech
}

export const useWords = () => useSpeech().words
