import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { insertInvitations, openExample, workspaceId } from '../../test/surveyExample.ts'
import type { News } from '../storage/jobs.ts'
import type { Database } from '../storage/postgres.ts'
import { handOver } from './handOver.ts'

let database: Database
beforeAll(async () => {
  ;({ database } = await openExample())
})
afterAll(() => database.close())

const later = (days: number) => new Date(Date.UTC(2027, 0, 1 + days))

/** What the live loop is told, and for when. */
async function told(): Promise<Array<[string, Date | undefined]>> {
  const announced: Array<[string, Date | undefined]> = []
  const announce = async (_: unknown, news: News, at?: Date) => void announced.push([news.kind, at])
  await handOver(database, announce, workspaceId)
  return announced
}

describe('what a replay leaves to the live loop', () => {
  it('is nothing when nothing falls due after its end', async () => {
    await insertInvitations(database, [1], { state: 'sent' })
    expect(await told()).toEqual([])
  })

  it('is told once for the dates and once for the invitations, at the first time of each', async () => {
    await insertInvitations(database, [2, 3], { state: 'scheduled' })
    await database.inWorkspace(workspaceId, async (tx) => {
      await tx.query(
        `update invitations set due_at = case contact_id when (select contact_id from contacts where contact_key = 'c2')
           then $1::timestamptz else $2 end where state = 'scheduled'`,
        [later(9), later(5)],
      )
      await tx.query(
        `insert into date_watches (workspace_id, watch_id, trigger, transaction_id, due_at)
         select $1, gen_random_uuid(), 'promised', gen_random_uuid(), due
         from unnest($2::timestamptz[]) as due`,
        [workspaceId, [later(7), later(3)]],
      )
    })
    const both = [
      ['date.due', later(3)],
      ['invitation.due', later(5)],
    ]
    expect(await told()).toEqual(both)
    // Done again it says the same; the loop's rounds do no harm twice.
    expect(await told()).toEqual(both)
  })
})
