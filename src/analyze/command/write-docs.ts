import { mkdirSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { methods } from '../methods/methods.ts'
import { analyzeDocs } from './docs.ts'
import { exampleFile } from './help.ts'

// Writes docs/analyze.md and the files of its examples anew; run after a method has changed.
const root = resolve(import.meta.dirname, '../../..')
mkdirSync(resolve(root, 'docs/examples'), { recursive: true })
for (const method of methods) writeFileSync(resolve(root, exampleFile(method)), method.example.csv)
writeFileSync(resolve(root, 'docs/analyze.md'), await analyzeDocs())
