import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { factTable } from '../../src/insight/facts.ts'
import type { ProjectStep } from '../../src/insight/parts.ts'
import { project } from '../../src/insight/project.ts'
import { rebuildFacts } from '../../src/insight/rebuild.ts'
import { verifyFacts } from '../../src/insight/verify.ts'
import type { Tx } from '../../src/storage/postgres.ts'
import {
  idOf,
  putCase,
  putCustomer,
  putDecision,
  putResponse,
  putVisit,
  touch,
  visitProgram,
  type Workspace,
  ws,
} from './workspace.ts'

/** What projecting has to hold, on whichever engine `open` gives. One call a process: chDB has one folder. */
export function projectionTests(open: () => Promise<Workspace>) {
  let place: Workspace
  const write = <T>(work: (tx: Tx) => Promise<T>) => place.database.inWorkspace(ws, work)

  const generation = async () => {
    const rows = await write((tx) =>
      tx.query<{ generation: number }>('select generation from fact_projections'),
    )
    return rows[0]?.generation ?? 0
  }

  /** What stands: the sum of signs, and sums over the signed rows. */
  async function sums(kind: 'response' | 'decision' | 'case' = 'response') {
    const table = factTable(ws, kind, await generation())
    const satisfied = kind === 'response' ? 'sum(sign * q_visit_satisfied)' : '0'
    const rows = await place.columns.query<{ n: number; satisfied: number | null }>(
      `select sum(sign) as n, ${satisfied} as satisfied from ${table}`,
    )
    return rows[0]
  }

  async function standing(): Promise<Record<string, unknown>[]> {
    const table = factTable(ws, 'response', await generation())
    return place.columns.query(
      `select * from ${table} order by batch desc, sign desc limit 1 by key settings output_format_json_quote_64bit_integers = 0`,
    )
  }

  beforeAll(async () => {
    place = await open()
    await write(async (tx) => {
      await putCustomer(tx, 'anna', { state: 'SP', email: 'anna@example.com', age: 41 })
      await putCustomer(tx, 'bo', { state: 'RJ', age: 30 })
      await putVisit(tx, 'v1', 'anna', {
        price: 120.5,
        outcome: 'late',
        urgent: true,
        doneAt: '2026-01-31T08:00:00.000Z',
      })
      await putResponse(tx, {
        id: 'r1',
        customer: 'anna',
        visit: 'v1',
        frozenVisit: { price: 100, outcome: 'on time' },
        unit: 'se-north',
        answers: {
          satisfied: 2,
          recommend: 3,
          why: ['staff', 'price'],
          fixed: 'no',
          call: true,
          comment: 'cold "house"',
        },
        comment: 'cold "house"',
      })
      await putResponse(tx, {
        id: 'r2',
        customer: 'bo',
        unit: 'no-west',
        answers: { satisfied: 5, recommend: 10 },
      })
    })
  })
  afterAll(async () => {
    await place.close()
  })

  describe('facts are carried over', () => {
    it('with frozen fields, fields as now, unit levels and answers, each in a typed column', async () => {
      expect(await project(place.parts, ws)).toBe(2)
      const row = (await standing()).find((each) => each.key === idOf('response', 'r1'))
      expect(row).toMatchObject({
        at: '2026-02-01T10:00:00.000Z',
        survey: 'visit',
        unit: 'se-north',
        unit_market: 'se',
        unit_team: 'se-north',
        q_visit_satisfied: 2,
        q_visit_why: ['staff', 'price'],
        q_visit_fixed: 'no',
        q_visit_call: true,
        has_comment: true,
        frozen_visit_outcome: 'on time',
        now_visit_outcome: 'late',
        frozen_visit_price: 100,
        now_visit_price: 120.5,
        now_visit_doneAt: '2026-01-31T08:00:00.000Z',
        now_visit_urgent: true,
        now_contact_state: 'SP',
        frozen_contact_state: null,
      })
    })

    it('without personal fields and without what was written as text', async () => {
      const row = (await standing())[0] ?? {}
      expect(Object.keys(row).filter((name) => /email|comment$|name/.test(name))).toEqual(['has_comment'])
      expect(JSON.stringify(await standing())).not.toContain('cold')
      expect(JSON.stringify(await standing())).not.toContain('anna@example.com')
    })

    it('once, however often the same change is delivered', async () => {
      await write(async (tx) => {
        for (let again = 0; again < 3; again++) await touch(tx, 'response', 'r1')
      })
      expect(await project(place.parts, ws)).toBe(3)
      expect(await project(place.parts, ws)).toBe(0)
      expect(await sums()).toEqual({ n: 2, satisfied: 7 })
    })

    it('and a changed row takes the place of the old one', async () => {
      await write((tx) => putResponse(tx, { id: 'r1', unit: 'se-south', answers: { satisfied: 4 } }))
      await project(place.parts, ws)
      expect(await sums()).toEqual({ n: 2, satisfied: 9 })
      await write(async (tx) => {
        await putVisit(tx, 'v1', 'anna', { price: 1, outcome: 'on time' })
        await touch(tx, 'response', 'r1')
      })
      await project(place.parts, ws)
      const rows = await place.columns.query(
        `select now_visit_outcome as outcome, sum(sign) as n from ${factTable(ws, 'response', await generation())}
       group by outcome having n <> 0 order by n`,
      )
      expect(rows).toEqual(
        expect.arrayContaining([
          { outcome: 'on time', n: 1 },
          { outcome: null, n: 1 },
        ]),
      )
      expect(rows).toHaveLength(2)
    })

    it('and a row that is gone is taken back', async () => {
      await write((tx) => putResponse(tx, { id: 'gone', answers: { satisfied: 1 } }))
      await project(place.parts, ws)
      expect(await sums()).toEqual({ n: 3, satisfied: 10 })
      await write(async (tx) => {
        await tx.query('delete from responses where response_id = $1', [idOf('response', 'gone')])
        await touch(tx, 'response', 'gone')
      })
      await project(place.parts, ws)
      expect(await sums()).toEqual({ n: 2, satisfied: 9 })
      await write((tx) => putResponse(tx, { id: 'gone', answers: { satisfied: 3 } }))
      await project(place.parts, ws)
      expect(await sums()).toEqual({ n: 3, satisfied: 12 })
    })

    it('for decisions, which know when their invitation was answered, and for cases', async () => {
      await write(async (tx) => {
        await putDecision(tx, { id: 'd1', customer: 'anna', sent: true })
        await putDecision(tx, { id: 'd2', customer: 'bo', reason: 'quarantine' })
      })
      await project(place.parts, ws)
      await write((tx) => putResponse(tx, { id: 'r3', invitation: 'd1', answers: { satisfied: 1 } }))
      await write((tx) => putCase(tx, { response: 'r3', state: 'open' }))
      await project(place.parts, ws)
      await write((tx) => putCase(tx, { response: 'r3', state: 'closed' }))
      await project(place.parts, ws)
      const decisions = factTable(ws, 'decision', await generation())
      const cases = factTable(ws, 'case', await generation())
      expect(
        await place.columns.query(
          `select outcome, reason, answered, sum(sign) as n from ${decisions} group by all having n <> 0 order by outcome`,
        ),
      ).toEqual([
        { outcome: 'invited', reason: null, answered: true, n: 1 },
        { outcome: 'withheld', reason: 'quarantine', answered: false, n: 1 },
      ])
      expect(
        await place.columns.query(`select state, sum(sign) as n from ${cases} group by state having n <> 0`),
      ).toEqual([{ state: 'closed', n: 1 }])
    })
  })

  describe('a projection that dies', () => {
    for (const step of ['reserved', 'inserted'] as ProjectStep[]) {
      it(`after it has ${step} leaves the same facts as one that does not`, async () => {
        const before = await sums()
        await write((tx) => putResponse(tx, { id: `dies-${step}`, answers: { satisfied: 5 } }))
        await write((tx) => putResponse(tx, { id: 'r2', answers: { satisfied: 5 } }))
        const dying = {
          ...place.parts,
          between: (reached: ProjectStep) => {
            if (reached === step) throw new Error('the process died')
          },
        }
        await expect(project(dying, ws)).rejects.toThrow('died')
        // What came meanwhile is not lost behind the batch that is taken up again, and the same row may change once more.
        await write((tx) => putResponse(tx, { id: `dies-${step}`, answers: { satisfied: 2 } }))
        await write((tx) => putResponse(tx, { id: `after-${step}`, answers: { satisfied: 1 } }))
        await project(place.parts, ws)
        expect(await sums()).toEqual({ n: before!.n + 2, satisfied: before!.satisfied! + 3 })
        await write((tx) => putResponse(tx, { id: `dies-${step}`, answers: { satisfied: 4 } }))
        await project(place.parts, ws)
        expect(await sums()).toEqual({ n: before!.n + 2, satisfied: before!.satisfied! + 5 })
        expect((await verifyFacts(place.parts, ws)).differences).toEqual([])
      })
    }

    it('keeps others away only while its lease runs, and not from a store of its own', async () => {
      await write((tx) => putResponse(tx, { id: 'leased', answers: { satisfied: 5 } }))
      await write((tx) =>
        tx.query(`update fact_projections set lease_holder = 'another', lease_until = $1`, [
          new Date(Date.now() + 60_000),
        ]),
      )
      expect(await project(place.parts, ws)).toBe(0)
      expect(await project({ ...place.parts, sole: true }, ws)).toBe(1)
      await write((tx) => touch(tx, 'response', 'leased'))
      await write((tx) =>
        tx.query(`update fact_projections set lease_holder = 'another', lease_until = $1`, [
          new Date(Date.now() - 1),
        ]),
      )
      expect(await project(place.parts, ws)).toBe(1)
    })

    it('and one that is asked for twice at once writes nothing twice', async () => {
      const before = await sums()
      await write((tx) => putResponse(tx, { id: 'at-once', answers: { satisfied: 2 } }))
      const carried = await Promise.all([project(place.parts, ws), project(place.parts, ws)])
      expect(carried.sort()).toEqual([0, 1])
      expect(await sums()).toEqual({ n: before!.n + 1, satisfied: before!.satisfied! + 2 })
    })

    it('an insert that is sent again with its token changes nothing', async () => {
      const before = await sums()
      const table = factTable(ws, 'response', await generation())
      const row = {
        key: idOf('response', 'token'),
        batch: 99999,
        sign: 1,
        at: '2026-02-01T10:00:00.000Z',
        q_visit_satisfied: 1,
      }
      await place.columns.insert(table, [row], 'a-token')
      await place.columns.insert(table, [row], 'a-token')
      expect((await sums())?.n).toBe(before!.n + 1)
      await place.columns.insert(table, [{ ...row, sign: -1 }])
      expect(await sums()).toEqual(before)
    })
  })

  describe('facts are built anew', () => {
    it('to the same sums, beside those that are read', async () => {
      const before = { response: await sums(), decision: await sums('decision'), case: await sums('case') }
      const first = await generation()
      const old = factTable(ws, 'response', first)
      await rebuildFacts(place.parts, ws)
      expect(await generation()).toBe(first + 1)
      expect({ response: await sums(), decision: await sums('decision'), case: await sums('case') }).toEqual(
        before,
      )
      expect(
        await place.columns.query('select 1 from system.tables where name = {old:String}', { old }),
      ).toEqual([])
    })

    it('when the column store has been lost', async () => {
      const before = await sums()
      for (const kind of ['response', 'decision', 'case'] as const) {
        await place.columns.command(`drop table ${factTable(ws, kind, await generation())} sync`)
      }
      await write((tx) => touch(tx, 'response', 'r1'))
      // Another process, which has not yet seen the tables.
      const columns = { ...place.columns }
      await project({ ...place.parts, columns }, ws)
      expect(await sums()).toEqual(before)
    })

    it('and new fields of the program become columns of the tables there are', async () => {
      const first = await generation()
      const before = await sums()
      const program = visitProgram()
      program.contacts!.fields = { ...program.contacts!.fields, segment: { type: 'category' } } as never
      place.active.program = program
      await write(async (tx) => {
        await putCustomer(tx, 'anna', { state: 'SP', segment: 'gold' })
        await touch(tx, 'response', 'r1')
      })
      await project(place.parts, ws)
      expect(await generation()).toBe(first)
      expect(await sums()).toEqual(before)
      const table = factTable(ws, 'response', first)
      expect(
        await place.columns.query(`select sum(sign) as n from ${table} where now_contact_segment = 'gold'`),
      ).toEqual([{ n: 1 }])
    })

    it('when an earlier edition made the tables, without the columns there are now', async () => {
      const first = await generation()
      const before = { response: await sums(), case: await sums('case') }
      const table = factTable(ws, 'case', first)
      await place.columns.command(`alter table ${table} drop column owner, drop column missed`)
      await write((tx) =>
        tx.query(`update fact_projections set schema_hash = '0123456789abcdef-fedcba9876543210'`),
      )
      await write((tx) => touch(tx, 'response', 'r1'))
      // The process that comes after an upgrade has seen no tables.
      await project({ ...place.parts, columns: { ...place.columns } }, ws)
      expect(await generation()).toBe(first + 1)
      expect({ response: await sums(), case: await sums('case') }).toEqual(before)
      expect(
        await place.columns.query(
          `select missed, sum(sign) as n from ${factTable(ws, 'case', first + 1)} group by missed`,
        ),
      ).toEqual([{ missed: false, n: 1 }])
    })

    it('when a field changes its type or a unit moves', async () => {
      const first = await generation()
      const before = await sums()
      const retyped = visitProgram()
      retyped.contacts!.fields!.age = { type: 'text' } as never
      place.active.program = retyped
      await write((tx) => touch(tx, 'response', 'r1'))
      await project(place.parts, ws)
      expect(await generation()).toBe(first + 1)
      const moved = visitProgram()
      moved.units!.list[2]!.parent = 'no'
      place.active.program = moved
      await write(async (tx) => {
        await tx.query(`update units set path = '{no,se-north}' where unit_key = 'se-north'`)
        await touch(tx, 'response', 'r1')
      })
      await project(place.parts, ws)
      expect(await generation()).toBe(first + 2)
      expect(await sums()).toEqual(before)
    })
  })

  describe('facts are verified', () => {
    it('and agree after merging too', async () => {
      await place.columns.command(`optimize table ${factTable(ws, 'response', await generation())} final`)
      const report = await verifyFacts(place.parts, ws)
      expect(report.differences).toEqual([])
      expect(report.compared).toBe(6)
    })

    it('and a difference is told with metric and day', async () => {
      const table = factTable(ws, 'response', await generation())
      const row = {
        key: idOf('response', 'stray'),
        batch: 1,
        sign: 1,
        at: '2026-02-01T23:30:00.000Z',
        survey: 'visit',
        state: 'completed',
        q_visit_satisfied: 4,
      }
      await place.columns.insert(table, [row])
      const report = await verifyFacts(place.parts, ws)
      expect(report.differences).toContainEqual({
        what: 'visit.satisfied',
        day: '2026-02-02',
        truth: { n: 0, sum: 0 },
        facts: { n: 1, sum: 4 },
      })
    })
  })
}
