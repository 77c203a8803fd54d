import { readFileSync } from 'node:fs'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { sha256 } from '../base/ids.ts'

/** A file of the survey page. Its name holds its hash, so that it may be kept for ever. */
export interface Asset {
  path: string
  type: string
  plain: Buffer
  br: Buffer
  gzip: Buffer
}

function asset(file: string, type: string): Asset {
  const plain = readFileSync(new URL(`../../web/survey/${file}`, import.meta.url))
  const [name, ending] = file.split('.')
  return {
    path: `/s/assets/${name}-${sha256(plain.toString('utf8')).slice(0, 12)}.${ending}`,
    type,
    plain,
    br: brotliCompressSync(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }),
    gzip: gzipSync(plain, { level: 9 }),
  }
}

export const assets = {
  css: asset('survey.css', 'text/css; charset=utf-8'),
  js: asset('survey.js', 'text/javascript; charset=utf-8'),
}
