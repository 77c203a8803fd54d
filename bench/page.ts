// For: what the first page of a survey weighs on the wire.
// In: a measured server. Out: bytes of the page and all it asks for, with a browser's headers.
import { request } from 'node:http'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { type Engine, type Host, startHost } from './hosted.ts'
import type { BenchRow } from './table.ts'

interface Fetched {
  text: string
  /** As received, compressed, without and with the head of the answer. */
  body: number
  whole: number
}

function fetched(host: Host, path: string): Promise<Fetched> {
  return new Promise((resolve, reject) => {
    const headers = { 'accept-encoding': 'gzip, deflate, br, zstd', connection: 'close' }
    const asked = request({ port: host.port, host: '127.0.0.1', path, headers }, (answer) => {
      const pieces: Buffer[] = []
      answer.on('data', (piece: Buffer) => pieces.push(piece))
      answer.on('end', () => {
        const body = Buffer.concat(pieces)
        const text = inflate(body, answer.headers['content-encoding'])
        if (answer.statusCode !== 200) reject(new Error(`${path} answered ${answer.statusCode}: ${text}`))
        resolve({ text, body: body.length, whole: answer.socket.bytesRead })
      })
    })
    asked.on('error', reject)
    asked.end()
  })
}

function inflate(body: Buffer, encoding: string | undefined): string {
  if (encoding === 'br') return brotliDecompressSync(body).toString('utf8')
  if (encoding === 'gzip') return gunzipSync(body).toString('utf8')
  return body.toString('utf8')
}

/** The page with every style sheet, script and picture it names. */
export async function benchPage(engine: Engine = 'PGlite'): Promise<BenchRow[]> {
  const host = await startHost(engine)
  try {
    const [token] = await host.call('invite', 'page', 1)
    const page = await fetched(host, `/s/${token}`)
    const named = [...page.text.matchAll(/<(?:link|script|img)\b[^>]*?\b(?:href|src)="([^"]+)"/g)]
    const addresses = named.map((match) => match[1]!).filter((address) => !address.startsWith('data:'))
    const foreign = addresses.filter((address) => !address.startsWith('/'))
    if (foreign.length > 0) throw new Error(`the survey asks elsewhere: ${foreign.join(', ')}`)
    const all = [page, ...(await Promise.all(addresses.map((address) => fetched(host, address))))]
    const kilobytes = (of: 'body' | 'whole') => all.reduce((sum, each) => sum + each[of], 0) / 1024
    const name = `Survey, first page, ${all.length} requests`
    const target = '<= 14 KB'
    return [
      { name: `${name}, compressed bodies`, value: kilobytes('body'), unit: 'KB' },
      { name: `${name}, with all heads`, value: kilobytes('whole'), unit: 'KB', target },
    ]
  } finally {
    await host.close()
  }
}
