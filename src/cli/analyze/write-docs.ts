import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { analyzeDocs } from './docs.ts'

// Writes docs/analyze.md anew; run after a method has changed.
writeFileSync(resolve(import.meta.dirname, '../../../docs/analyze.md'), await analyzeDocs())
