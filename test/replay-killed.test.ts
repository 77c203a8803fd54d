import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, describe, expect, it } from 'vitest'
import { verifyFacts } from '../src/insight/verify.ts'
import { seededRandom } from '../src/simulate/random.ts'
import type { ReplayReport } from '../src/simulate/replay.ts'
import { countTotals } from '../src/simulate/totals.ts'
import { countOlist } from './olist-figures.ts'
import { openRig } from './replay-rig.ts'

const sample = join(import.meta.dirname, 'olist-sample')
const program = join(import.meta.dirname, 'replay-child.ts')
const kills = 10
const folders: string[] = []

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'samklang-killed-'))
  folders.push(made)
  return made
}

/** Starts the replay; it is killed with no warning when it has played this share, and some milliseconds more.
 * @returns the report, if it came to its end before
 */
async function run(
  place: string,
  killAt?: { share: number; wait: number },
): Promise<ReplayReport | undefined> {
  const child = spawn(process.execPath, [program, place, sample], { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(child, 'exit')
  let last = ''
  let aimed = false
  for await (const line of createInterface({ input: child.stdout })) {
    last = line
    const share = line === 'playing' ? 0 : Number(line.split(' ')[1])
    if (!killAt || aimed || !(share >= killAt.share)) continue
    aimed = true
    killIn(child, killAt.wait)
  }
  const [code] = await ended
  return code === 0 ? (JSON.parse(last) as ReplayReport) : undefined
}

/** Somewhere within the work on a batch, not only between two. */
const killIn = (child: ChildProcess, wait: number) => void setTimeout(() => child.kill('SIGKILL'), wait)

describe('a replay that is killed ten times', () => {
  afterAll(() => {
    for (const each of folders) rmSync(each, { recursive: true, force: true })
  })

  it('goes on each time, and ends with exactly what an undisturbed one makes', {
    timeout: 15 * 60_000,
  }, async () => {
    const counted = countOlist(sample)
    const undisturbed = (await run(folder())) as ReplayReport
    const place = folder()
    const random = seededRandom(7)
    for (let kill = 0; kill < kills; kill++) {
      const share = (kill + random.share()) / (kills + 1)
      expect(await run(place, { share, wait: random.whole(0, 60) })).toBeUndefined()
    }
    const finished = (await run(place)) as ReplayReport
    expect(finished.continued).toBe(true)
    expect(finished.totals).toEqual(undisturbed.totals)
    expect(finished.totals.events).toBe(counted.events)
    expect(Object.values(finished.totals.answers).reduce((sum, n) => sum + n, 0)).toBe(counted.reviews)

    const rig = await openRig(place, 'olist')
    const { parts, workspaceId } = rig
    expect(await countTotals(parts.database, workspaceId)).toEqual(finished.totals)
    const [mails] = await parts.database.inWorkspace(workspaceId, (tx) =>
      tx.query(
        `select count(*) as n, count(distinct message_id) as different,
           (select count(*) from messages where state <> 'sent') as unsent
         from mailbox`,
      ),
    )
    const sent = Object.values(finished.totals.mails).reduce((sum, n) => sum + n, 0)
    expect(mails).toEqual({ n: sent, different: sent, unsent: 0 })
    expect((await verifyFacts(parts, workspaceId)).differences).toEqual([])
    await rig.close()
  })
})
