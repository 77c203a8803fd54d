// For: posting to addresses that people have typed in, and to no others: never to machines of our own network.
// In: an address and a body. Out: the receiver's word, or why there was none.
import type { LookupAddress } from 'node:dns'
import { lookup as systemLookup } from 'node:dns'
import { request as httpRequest, type RequestOptions } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { BlockList, isIP, type LookupFunction } from 'node:net'

export interface Posted {
  /** HTTP status; absent when there was no answer. */
  status?: number
  /** Seconds the receiver asks to be left alone. */
  retryAfter?: number
  /** Why it was not taken; absent when it was. */
  error?: string
}

export interface Poster {
  /** Never throws. A redirect is not followed: it could lead anywhere. */
  post(url: string, headers: Record<string, string>, body: string): Promise<Posted>
  /** Why nothing can be posted to this address, as far as its form tells. */
  problem(url: string): string | undefined
}

/** Addresses that lead to this machine, to its network, or nowhere (RFC 6890). */
const inside = new BlockList()
for (const [net, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const)
  inside.addSubnet(net, bits, 'ipv4')
for (const [net, bits] of [
  ['::', 128],
  ['::1', 128],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
] as const)
  inside.addSubnet(net, bits, 'ipv6')

/** True for an address that only machines of this network, or none, can have. */
export const isInside = (address: string): boolean =>
  inside.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')

const refusedAddress = 'it leads to a private address'
const mostRead = 65_536

type Lookup = (
  host: string,
  asked: { all: true },
  told: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void

/** @param options.allowPrivate for receivers in one's own network; then http:// is taken as well
 * @param options.timeout milliseconds for the whole exchange
 * @param options.lookup finds the addresses of a name; the system's
 */
export function openPoster(options: { allowPrivate: boolean; timeout?: number; lookup?: Lookup }): Poster {
  const { allowPrivate, timeout = 15_000, lookup = systemLookup as Lookup } = options

  /** Asked for every connection, so that a name which changes its address in between gains nothing. */
  const guarded: LookupFunction = (host, asked, told) => {
    lookup(host, { ...asked, all: true }, (error, addresses) => {
      if (error) return told(error, '', 0)
      const [first] = addresses
      if (!first || (!allowPrivate && addresses.some(({ address }) => isInside(address))))
        return told(Object.assign(new Error(refusedAddress), { code: 'EPRIVATE' }), '', 0)
      return asked.all ? told(null, addresses) : told(null, first.address, first.family)
    })
  }

  function problem(url: string): string | undefined {
    if (!URL.canParse(url)) return 'expected a whole address, such as https://example.org/hook'
    const { protocol, hostname, username, password } = new URL(url)
    if (protocol !== 'https:' && !(allowPrivate && protocol === 'http:')) return 'expected https://'
    if (username || password) return 'expected no user and password in the address'
    const bare = hostname.replace(/^\[|\]$/g, '')
    if (!allowPrivate && ((isIP(bare) && isInside(bare)) || /^localhost$|\.local(host)?$/i.test(bare)))
      return refusedAddress
    return undefined
  }

  return {
    problem,
    post(url, headers, body) {
      const wrong = problem(url)
      if (wrong) return Promise.resolve({ error: wrong })
      return new Promise((resolve) => {
        const target = new URL(url)
        const bytes = Buffer.from(body)
        const sent: RequestOptions = {
          method: 'POST',
          headers: { ...headers, 'content-length': bytes.length, 'user-agent': 'Samklang' },
          lookup: guarded,
          signal: AbortSignal.timeout(timeout),
          // A connection that lives on would be reused without asking where it leads.
          agent: false,
        }
        const ask = target.protocol === 'https:' ? httpsRequest : httpRequest
        const asked = ask(target, sent, (answer) => {
          const status = answer.statusCode ?? 0
          let read = 0
          let said = ''
          const done = () => {
            const good = status >= 200 && status < 300
            const wait = Number(answer.headers['retry-after'])
            resolve({
              status,
              ...(Number.isFinite(wait) && wait > 0 ? { retryAfter: wait } : {}),
              ...(good ? {} : { error: `it answered ${status}${said && `: ${said.slice(0, 300)}`}` }),
            })
          }
          answer.setEncoding('utf8')
          answer.on('data', (text: string) => {
            if (said.length < 300) said += text
            read += text.length
            // The status is all that counts; nobody makes us read for ever.
            if (read > mostRead) answer.destroy()
          })
          answer.on('close', done)
          answer.on('error', done)
        })
        asked.on('error', (error: NodeJS.ErrnoException) => {
          const late = error.name === 'TimeoutError' || error.name === 'AbortError'
          resolve({
            error: late ? `no answer within ${timeout / 1000} s` : error.message || String(error.code),
          })
        })
        asked.end(bytes)
      })
    },
  }
}
