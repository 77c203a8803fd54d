import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, it } from 'vitest'
import { queueMessages } from '../../src/channels/queue.ts'
import { insertInvitations, openExample, workspaceId } from '../surveyExample.ts'

const mails = 400

it('a process killed in the middle of delivering, several times, sends every mail once', {
  timeout: 240_000,
}, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'samklang-mails-'))
  const reading = async <T>(
    work: (database: Awaited<ReturnType<typeof openExample>>['database']) => Promise<T>,
  ) => {
    const { database } = await openExample(folder)
    const result = await work(database)
    await database.close()
    return result
  }
  try {
    await reading(async (database) => {
      const invitations = await insertInvitations(
        database,
        Array.from({ length: mails }, (_, index) => index),
      )
      const messages = invitations.map(({ invitationId, recipient }) => ({
        kind: 'invitation' as const,
        aboutId: invitationId,
        recipient,
      }))
      const parts = { announce: async () => {}, clock: { now: () => new Date('2026-03-02T09:00:00Z') } }
      await database.inWorkspace(workspaceId, (tx) => queueMessages(tx, parts, messages))
    })

    /** @param life milliseconds it may deliver; to the end when none is given */
    async function deliver(life?: number): Promise<number | null> {
      const script = join(import.meta.dirname, 'delivering.ts')
      const child = spawn(process.execPath, [script, folder], { stdio: ['ignore', 'pipe', 'inherit'] })
      const exit = once(child, 'exit') as Promise<[number | null]>
      createInterface({ input: child.stdout }).on('line', (line) => {
        if (line === 'ready' && life !== undefined) setTimeout(() => child.kill('SIGKILL'), life)
      })
      return (await exit)[0]
    }

    let killed = 0
    for (const life of [120, 350]) if ((await deliver(life)) === null) killed++
    expect(killed).toBeGreaterThan(0)
    expect(await deliver()).toBe(0)

    const [result] = await reading((database) =>
      database.inWorkspace(workspaceId, (tx) =>
        tx.query(
          `select (select count(*) from mailbox) as arrived, (select count(distinct recipient) from mailbox) as people,
             (select count(*) from messages where state = 'sent') as sent`,
        ),
      ),
    )
    expect(result).toEqual({ arrived: mails, people: mails, sent: mails })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
