import { describe, expect, it } from 'vitest'
import { en } from './en.ts'
import { nb } from './nb.ts'
import { sv } from './sv.ts'

type Tree = { [key: string]: string | ((...given: string[]) => string) | Tree }

/** Every text by its path; of one that takes parameters what it says for them. */
function textsOf(tree: Tree, path = ''): Map<string, string> {
  const texts = new Map<string, string>()
  for (const [key, value] of Object.entries(tree)) {
    const at = path ? `${path}.${key}` : key
    if (typeof value === 'string') texts.set(at, value)
    else if (typeof value === 'function') texts.set(at, value('<1>', '<2>', '<3>', '<4>', '<5>'))
    else for (const [inner, text] of textsOf(value, at)) texts.set(inner, text)
  }
  return texts
}

const parameters = (text: string) => [...text.matchAll(/<\d>/g)].map(([found]) => found).sort()

/** Words that another one stands for: one thing is called by one name on every page (docs/language.md). */
const avoided: Record<string, RegExp> = {
  sv: /verklig|stängd|stängt|\bbrev(en|et)?\b|\bsade\b|vidarebefordr|kundtrohet|mittemellan|avsagt|\btal\b|företaget\b/i,
  nb: /virkelig(?!e kjeden)|lukke[dt]|videresend|sendt videre|kundetroskap|kritikk|bedriften|innen støyen/i,
}

describe('the words of the portal', () => {
  const english = textsOf(en as unknown as Tree)

  for (const [name, words] of Object.entries({ sv, nb })) {
    const texts = textsOf(words as unknown as Tree)

    it(`are all there in ${name}, and no others`, () => {
      expect([...texts.keys()].sort()).toEqual([...english.keys()].sort())
    })

    it(`say something everywhere in ${name}`, () => {
      expect([...texts].filter(([, text]) => text.trim() === '').map(([path]) => path)).toEqual([])
    })

    it(`call one thing by one name in ${name}`, () => {
      expect([...texts].filter(([, text]) => avoided[name]?.test(text))).toEqual([])
    })

    it(`tell in ${name} the same parameters as in English`, () => {
      const different = [...english].filter(
        ([path, text]) => parameters(text).join() !== parameters(texts.get(path) ?? '').join(),
      )
      expect(different.map(([path]) => path)).toEqual([])
    })
  }
})
