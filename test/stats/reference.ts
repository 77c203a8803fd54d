import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect } from 'vitest'

/** A stored output of one of the R scripts of test/reference. */
export function reference<T = Record<string, number[]>>(name: string): T {
  return JSON.parse(readFileSync(resolve(import.meta.dirname, `../reference/${name}.json`), 'utf8')) as T
}

/** Holds a number against its reference, relative to its size; sizes under `floor` are held to it absolutely. */
export function expectClose(
  actual: unknown,
  expected: number,
  relative = 1e-8,
  floor = 1e-12,
  label = '',
): void {
  const size = Math.max(Math.abs(expected), floor)
  const miss = Math.abs((actual as number) - expected) / size
  expect(miss <= relative, `${label} is ${JSON.stringify(actual)}, R has ${expected} (miss ${miss})`).toBe(
    true,
  )
}

/** The same for lists of equal length. */
export function expectAllClose(
  actual: ArrayLike<unknown>,
  expected: ArrayLike<number>,
  relative = 1e-8,
  floor = 1e-12,
  label = '',
): void {
  expect(actual.length, `${label} length`).toBe(expected.length)
  for (let i = 0; i < expected.length; i++) {
    expectClose(actual[i], expected[i]!, relative, floor, `${label}[${i}]`)
  }
}
