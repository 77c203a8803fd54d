// For: finding the answers that must not be left alone, and seeing to it that somebody answers each.
// In: completed responses. Out: for each a decision with its reason; cases with owner, deadline, priority and the way
// to answer; answers that join a case or reopen it; replies by mail; news of them.
import type { Clock } from '../base/clock.ts'
import { stableId } from '../base/ids.ts'
import type { Log } from '../base/log.ts'
import { queueMessages } from '../channels/queue.ts'
import type { Programs } from '../program/store.ts'
import type { Announce } from '../storage/jobs.ts'
import { appendOutbox } from '../storage/outbox.ts'
import type { Database, Tx } from '../storage/postgres.ts'
import { readAround } from './around.ts'
import { readCandidates, takeTurns } from './candidates.ts'
import { addToCases, type Joining } from './join.ts'
import { draft, type Judged, judge } from './judge.ts'
import { keepCases } from './keep.ts'
import { makeCases } from './make.ts'
import { type Decision, decide } from './policy.ts'
import { type HarmOf, heldByLot, rankCases } from './rank.ts'
import { replyTo } from './reply.ts'

export interface OpenParts {
  database: Database
  clock: Clock
  programs: Programs
  announce: Announce
  log: Log
  /** Whether a running trial has been found to harm those who wait; left out: nobody looks. */
  harmOf?: HarmOf
}

interface Decided {
  judged: Judged
  decision: Decision
  caseId: string | null
}

/** Decides about these responses, each once: by the first rule that holds, and the steps of policy.ts.
 * Those of a program without rules are left alone. Running it again changes nothing.
 * @param cameIn when each response came in, by its id; left out: when it is decided about
 */
export async function openCases(
  parts: OpenParts,
  workspaceId: string,
  responseIds: readonly string[],
  cameIn: ReadonlyMap<string, Date> = new Map(),
): Promise<void> {
  await parts.database.inWorkspace(workspaceId, async (tx) => {
    await takeTurns(tx)
    const judged = await judge(tx, parts, await readCandidates(tx, responseIds), cameIn)
    if (judged.length === 0) return
    const decided = await decideAll(tx, workspaceId, judged)
    const byHandling = Map.groupBy(decided, ({ decision }) => decision.handling)
    const held = await open(tx, parts, byHandling.get('case') ?? [])
    for (const each of decided)
      if (each.caseId && held.has(each.caseId)) each.decision = { handling: 'case', reason: 'heldByTrial' }
    await keepDecisions(tx, decided)
    await addToCases(tx, parts, decided.flatMap(joiningOf))
    await reply(tx, parts, byHandling.get('reply') ?? [])
  })
}

async function decideAll(tx: Tx, workspaceId: string, judged: readonly Judged[]): Promise<Decided[]> {
  const around = await readAround(tx, judged)
  return judged.map((each) => {
    const decision = decide(around.of(each))
    const { handling } = decision
    const isNew = handling === 'case'
    const caseId = isNew
      ? stableId(workspaceId, 'case', each.rule!.id, each.candidate.responseId)
      : (decision.caseId ?? null)
    if (caseId !== null) around.opened(each, caseId, isNew)
    return { judged: each, decision, caseId }
  })
}

/** Opens cases: priority, lot, deadline, owner, those who are informed.
 * @returns those that a trial makes wait
 */
async function open(tx: Tx, parts: OpenParts, decided: readonly Decided[]): Promise<Set<string>> {
  const drafts = decided.map(({ judged, caseId }) => draft(judged, caseId!))
  const ranked = await rankCases(tx, drafts)
  const held = await heldByLot(tx, ranked, parts.harmOf)
  const cases = await makeCases(tx, ranked, ({ caseId, judged }) => ({
    from: held.get(caseId)?.until ?? judged.promisedFrom,
    lot: held.get(caseId),
  }))
  await keepCases(tx, parts, cases)
  return new Set([...held].flatMap(([caseId, { arm }]) => (arm === 'later' ? [caseId] : [])))
}

async function keepDecisions(tx: Tx, decided: readonly Decided[]): Promise<void> {
  const rows = decided.map(({ judged, decision, caseId }) => ({
    response: judged.candidate.responseId,
    rule: judged.rule?.id ?? null,
    handling: decision.handling,
    reason: decision.reason,
    case: caseId,
    unit: judged.candidate.unitKey,
    at: judged.at.toISOString(),
    version: judged.checked.version,
  }))
  await tx.query(
    `insert into recovery_decisions (workspace_id, response_id, rule, handling, reason, case_id, unit_key, decided_at,
       version)
     select $1::uuid, r.response, r.rule, r.handling, r.reason, r."case", r.unit, r.at, r.version
     from json_to_recordset($2::json) as r(response uuid, rule text, handling text, reason text, "case" uuid,
       unit text, at timestamptz, version text)`,
    [tx.workspaceId, JSON.stringify(rows)],
  )
  // How an answer was handled is among its facts.
  await appendOutbox(
    tx,
    'response',
    rows.map(({ response }) => response),
  )
}

const joiningOf = ({ judged, decision: { handling }, caseId }: Decided): Joining[] =>
  handling === 'joined' || handling === 'reopened' ? [{ judged, caseId: caseId as string, handling }] : []

async function reply(tx: Tx, parts: OpenParts, decided: readonly Decided[]): Promise<void> {
  const messages = decided.flatMap(({ judged: { checked, rule, candidate } }) =>
    rule ? (replyTo(checked, rule, candidate) ?? []) : [],
  )
  await queueMessages(tx, parts, messages)
}
