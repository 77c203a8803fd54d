import type { Program } from './schema.ts'

/** Makes something once for each program and key, and keeps it for as long as the program is in use. */
export function oncePerProgram<K, T>(make: (program: Program, key: K) => T): (program: Program, key: K) => T {
  const made = new WeakMap<Program, Map<K, T>>()
  return (program, key) => {
    const ofProgram = made.get(program) ?? new Map<K, T>()
    made.set(program, ofProgram)
    const found = ofProgram.get(key) ?? make(program, key)
    ofProgram.set(key, found)
    return found
  }
}
