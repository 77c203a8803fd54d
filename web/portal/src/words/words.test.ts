import { describe, expect, it } from 'vitest'
import { en } from './en.ts'
import { nb } from './nb.ts'
import { sv } from './sv.ts'

type Tree = { [key: string]: string | ((...given: string[]) => string) | Tree }

/** Every text by its path; of one that takes parameters what it says for them. */
function textsOf(tree: Tree, path = '', given = ['<1>', '<2>', '<3>', '<4>', '<5>']): Map<string, string> {
  const texts = new Map<string, string>()
  for (const [key, value] of Object.entries(tree)) {
    const at = path ? `${path}.${key}` : key
    if (typeof value === 'string') texts.set(at, value)
    else if (typeof value === 'function') texts.set(at, value(...given))
    else for (const [inner, text] of textsOf(value, at, given)) texts.set(inner, text)
  }
  return texts
}

const parameters = (text: string) => [...text.matchAll(/<\d>/g)].map(([found]) => found).sort()

/** Words that another one stands for: one thing is called by one name on every page (docs/language.md). */
const avoided: Record<string, RegExp> = {
  sv: /verklig|stängd|stängt|\bbrev(en|et)?\b|\bsade\b|vidarebefordr|kundtrohet|mittemellan|avsagt|\btal\b|företaget\b/i,
  nb: /virkelig(?!e kjeden)|lukke[dt]|videresend|sendt videre|kundetroskap|kritikk|bedriften|innen støyen/i,
}

/** Nouns that are joined to counts, in the plural. */
const plurals: Record<string, RegExp> = {
  en: /\b1 (?!of )(\w+ )?(answers|cases|customers|days|renewals|items|leads|mails|people|periods|points|responses|times|years)\b/i,
  sv: /\b1 (\w+ )?(ärenden|dagar|kunder|förnyelser|perioder|personer|procentenheter|punkter|gånger|egna)(?![a-zåäö])/i,
  nb: /\b1 (\w+ )?(saker|dager|fornyelser|kunder|perioder|personer|ganger|egne)(?![a-zæøå])/i,
}

describe('the words of the portal', () => {
  it.each(Object.entries({ en, sv, nb }))('count one thing in the singular in %s', (name, words) => {
    const ones = ['1', '1', '1', '1', '1']
    const texts = textsOf(words as unknown as Tree, '', ones)
    // By how many times the odds change is no count.
    texts.delete('model.effect')
    expect([...texts].filter(([, text]) => (plurals[name] as RegExp).test(text))).toEqual([])
  })

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
