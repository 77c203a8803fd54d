import { fork } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { type Agent, Agent as HttpAgent, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../test/browser/process.ts'
import { startPostgres } from '../test/postgres.ts'
import type { calls, Opened } from './host.ts'

export type Engine = 'PGlite' | 'Postgres'

export interface Host extends Opened {
  call<Name extends keyof typeof calls>(
    name: Name,
    ...values: Parameters<(typeof calls)[Name]>
  ): ReturnType<(typeof calls)[Name]>
  close(): Promise<void>
}

/** A server of its own on an empty store of this kind, both gone when it closes. */
export async function startHost(engine: Engine): Promise<Host> {
  const folder = mkdtempSync(join(tmpdir(), 'samklang-bench-'))
  const postgres = engine === 'Postgres' ? await startPostgres({ durable: true }) : undefined
  const settings = Object.entries(process.env).filter(
    ([name]) => !/^(SAMKLANG_|DATABASE_URL|CLICKHOUSE_URL|SMTP_URL)/.test(name),
  )
  const child = fork(join(import.meta.dirname, 'host.ts'), {
    env: {
      ...Object.fromEntries(settings),
      SAMKLANG_DATA: folder,
      SAMKLANG_PORT: String(await freePort()),
      SAMKLANG_LOG_LEVEL: 'error',
      ...(postgres ? { DATABASE_URL: postgres.url } : {}),
    },
    execArgv: process.execArgv,
  })
  const waiting = new Map<number, { resolve: (result: never) => void; reject: (error: Error) => void }>()
  child.on('message', ({ id, result, error }: { id: number; result: never; error?: string }) => {
    const waiter = waiting.get(id)
    waiting.delete(id)
    if (error === undefined) waiter?.resolve(result)
    else waiter?.reject(new Error(error))
  })
  const ended = new Promise<void>((resolve) => child.on('exit', () => resolve()))
  ended.then(() => {
    for (const { reject } of waiting.values()) reject(new Error('the measured server has ended'))
  })
  let last = 0
  const call: Host['call'] = (name, ...values) =>
    new Promise((resolve, reject) => {
      waiting.set(++last, { resolve, reject })
      child.send({ id: last, name, values })
    }) as never
  const opened = await call('open')
  return {
    ...opened,
    call,
    async close() {
      child.disconnect()
      await ended
      await postgres?.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export const connections = (atOnce: number): Agent => new HttpAgent({ keepAlive: true, maxSockets: atOnce })

/** Posts as any client does; gives the status and the body. */
export function post(
  { port }: Opened,
  agent: Agent,
  path: string,
  headers: Record<string, string>,
  body: Buffer,
): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const asked = request(
      {
        agent,
        port,
        host: '127.0.0.1',
        path,
        method: 'POST',
        headers: { ...headers, 'content-length': String(body.length) },
      },
      (answer) => {
        let text = ''
        answer.setEncoding('utf8')
        answer.on('data', (piece: string) => {
          text += piece
        })
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body: text }))
        answer.on('error', reject)
      },
    )
    asked.on('error', reject)
    asked.end(body)
  })
}
