import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { workingTimeOf } from '../src/cases/calendar.ts'
import type { Product } from '../src/cli/product.ts'
import { demoCommand } from '../src/cli/replay.ts'
import type { CheckedProgram } from '../src/program/checked.ts'
import { demoInputs } from '../src/simulate/demo.ts'
import { answerAsCustomers } from '../src/simulate/demoCustomers.ts'
import { demoPeople } from '../src/simulate/demoPeople.ts'
import type { Row } from '../src/storage/postgres.ts'
import { openRig, type Rig } from './replay-rig.ts'

const end = new Date('2025-12-15T12:00:00Z')
const lived = 120 * 24 * 3_600_000

// Whom the lot lets wait and who is sampled differs from run to run; what is held here does not hang on it.
describe('the people of the demo, in its last months', () => {
  const folder = mkdtempSync(join(tmpdir(), 'samklang-demo-'))
  let rig: Rig
  beforeAll(async () => {
    rig = await openRig(folder, 'demo')
    const checked = (await rig.parts.programs.active(rig.workspaceId)) as CheckedProgram
    // Of what came before only what something hangs on: agreements, whose renewal is asked about, and improvements.
    const inputs = (await demoInputs(checked, end)).filter(
      (input) =>
        input.at.getTime() > end.getTime() - lived ||
        input.kind === 'act' ||
        (input.kind === 'event' && input.event.type === 'contract.signed'),
    )
    const source = {
      name: 'demo',
      fingerprint: 'last months',
      inputs: () => inputs,
      count: inputs.length,
      end,
    }
    await rig.play(source, { also: demoPeople(end) })
  }, 120_000)
  afterAll(async () => {
    await rig.close()
    rmSync(folder, { recursive: true, force: true })
  })
  const rows = <R extends Row>(sql: string): Promise<R[]> =>
    rig.parts.database.inWorkspace(rig.workspaceId, (tx) => tx.query<R>(sql))
  const one = async (sql: string): Promise<Record<string, number>> => {
    const [row] = await rows(sql)
    return row as Record<string, number>
  }

  it('managers reach most in time, nearly always by telephone, and write down what they learned', async () => {
    const cases = await one(
      `select count(*) as n, count(*) filter (where coalesce(first_contacted_at, contacted_at) is not null) as reached,
         count(*) filter (where coalesce(first_channel, channel) = 'phone') as phoned, count(*) filter (where missed_at is not null) as missed,
         count(*) filter (where learning is not null) as learned, count(*) filter (where quote is not null) as quoted,
         count(*) filter (where forwarded > 0) as forwarded, count(*) filter (where escalated_at is not null) as escalated,
         count(*) filter (where contacted_at > '${end.toISOString()}') as ahead
       from cases join case_deadlines using (workspace_id, case_id)`,
    )
    expect(cases.n).toBeGreaterThan(20)
    expect(cases.reached).toBeGreaterThan(15)
    expect(cases.ahead).toBe(0)
    expect(cases.phoned).toBeGreaterThan(0.6 * cases.reached!)
    expect(cases.missed).toBeLessThan(0.33 * cases.n!)
    expect(cases.learned! + cases.quoted!).toBeGreaterThan(0)
    expect(cases.forwarded! + cases.escalated!).toBeGreaterThan(0)
  })

  it('nobody acts but in the hours of their unit: on no weekend, no holiday of their market, and not at night', async () => {
    const { program } = (await rig.parts.programs.active(rig.workspaceId)) as CheckedProgram
    const acts = await rows<{ at: Date; unit: string | null }>(
      `select v.at, c.unit_key as unit from case_events v join cases c using (workspace_id, case_id) where v.actor is not null
       union all select v.at, c.unit_key from plan_events v join plans p using (workspace_id, plan_id)
         join cases c using (workspace_id, case_id)
       union all select settled_at, unit_key from promoter_acts where kind = 'upsell' and settled_at is not null
       -- What an improvement was finished at is when truth.ts lets it take effect.
       union all select v.at, e.unit_key from improvement_events v join employees e on e.employee_key = v.actor
         where v.detail::text not like '%"done"%'`,
    )
    expect(acts.length).toBeGreaterThan(50)
    const outside = acts.filter(({ at, unit }) => {
      const working = workingTimeOf(program, unit)
      return working?.after(at, 0).getTime() !== at.getTime()
    })
    expect(outside).toEqual([])
  })

  it('a reminder is sent when it was due, and in the hours of its reader', async () => {
    const reminded = await rows<{ due: Date; sent: Date | null; state: string }>(
      `select v.at as due, m.sent_at as sent, m.state from case_events v left join messages m on m.about_id = v.case_id
         and m.kind = 'caseReminder' and m.try_at = v.at where v.kind = 'reminded'`,
    )
    expect(reminded.length).toBeGreaterThan(0)
    expect(reminded.filter(({ due, sent }) => sent?.getTime() !== due.getTime())).toEqual([])
    const withdrawn = await one("select count(*) as n from messages where state = 'withdrawn'")
    expect(withdrawn).toEqual({ n: 0 })
  })

  it('a missed deadline stands in the history, and nobody had reached the customer before it', async () => {
    const odd = await one(
      `select count(*) as missed, count(*) filter (where not exists (select from case_events v
           where v.case_id = c.case_id and v.kind = 'missed')) as untold,
         count(*) filter (where c.first_contacted_at < d.missed_at) as before
       from case_deadlines d join cases c using (case_id) where d.missed_at is not null`,
    )
    expect(odd).toMatchObject({ untold: 0, before: 0 })
    expect(odd.missed).toBeGreaterThan(0)
  })

  it('customers say whether it was solved; where it was not, the case is open again', async () => {
    const said = await one(
      `select count(*) filter (where answers->>'solved' = 'yes') as yes, count(*) filter (where answers->>'solved' = 'no') as no,
         (select count(*) from cases where reopened > 0) as reopened
       from responses where survey = 'followUp' and answered_at <= '${end.toISOString()}'`,
    )
    expect(said.yes! + said.no!).toBeGreaterThan(2)
    expect([said.no, said.no === 0 || said.reopened! > 0]).toEqual([said.no, true])
  })

  it('those who recommend the company are asked for more, and some do it', async () => {
    const acts = await one(
      `select count(distinct kind) as kinds, count(*) filter (where state = 'accepted') as accepted,
         count(*) filter (where clicks > 0) as followed, count(*) filter (where settled_at > '${end.toISOString()}') as late
       from promoter_acts`,
    )
    expect(acts.late).toBe(0)
    expect(acts.kinds).toBeGreaterThan(2)
    expect(acts.accepted! + acts.followed!).toBeGreaterThan(0)
  })

  it('plans are made with those who are unhappy with the whole; one improvement of four is done', async () => {
    const outer = await one(
      `select (select count(*) from plans) as plans, (select count(*) from plan_items where state = 'done') as done,
         (select count(*) from improvements) as improvements, (select count(*) from improvements where state = 'done') as mended`,
    )
    expect(outer).toMatchObject({ improvements: 4, mended: 1 })
    expect(outer.plans).toBeGreaterThan(0)
    expect(outer.done).toBeGreaterThan(0)
  })

  it('who has answered does not answer again', async () => {
    const counts = () =>
      one(
        `select (select count(*) from responses) as responses, (select sum(revision) from promoter_acts) as acts,
           (select count(*) from referral_leads) as leads`,
      )
    const before = await counts()
    const clock = { now: () => end }
    await answerAsCustomers(
      { ...rig.parts, clock, database: rig.parts.database.withClock(clock) },
      rig.workspaceId,
    )
    expect(await counts()).toEqual(before)
  })

  it('asked for once more, it stays as it is, with its program: whoever looks at it has gone on from there', async () => {
    const version = () => rig.parts.programs.active(rig.workspaceId).then((program) => program.version)
    const program = readFileSync(join(import.meta.dirname, '../programs/uc/program.yaml'), 'utf8')
    await rig.parts.programs.push(rig.workspaceId, [{ path: 'own.yaml', text: program }])
    const before = await version()
    const told: string[] = []
    const io = { out: (text: string) => void told.push(text), err: () => {}, isTerminal: false, folder: '.' }
    await demoCommand([], io, { parts: rig.parts } as unknown as Product)
    expect(told.join('')).toContain('nothing changed')
    expect(await version()).toBe(before)
  })
})
