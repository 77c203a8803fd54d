// For: which texts there are. In: the English ones. Out: the types that every other language is held to.
import type { enDesk } from './en.desk.ts'
import type { enLoop } from './en.loop.ts'
import type { enPages } from './en.pages.ts'
import type { enTold } from './en.told.ts'
import type { en } from './en.ts'
import type { enValue } from './en.value.ts'

type Widen<T> = T extends (...args: infer A) => string
  ? (...args: A) => string
  : T extends string
    ? string
    : { [K in keyof T]: Widen<T[K]> }

/** Every text there is. A language that lacks one does not compile. */
export type Words = Widen<typeof en>
export type PageWords = Widen<typeof enPages>
export type DeskWords = Widen<typeof enDesk>
export type ValueWords = Widen<typeof enValue>
export type LoopWords = Widen<typeof enLoop>
export type ToldWords = Widen<typeof enTold>
