// For: what a company does beyond the single case, and what its customers answer to it, in a story that is played.
// In: plans and how they go, answers to what promoters are asked, improvements. Out: all of it as people would leave it.
import type { CaseAction } from '../cases/case.ts'
import { idOf } from '../events/apply.ts'
import { settleLead } from '../improve/acts.ts'
import type { Doing } from '../improve/doing.ts'
import { linkThings } from '../improve/links.ts'
import { followUpPlan } from '../improve/planFollowUp.ts'
import { changePlan, createPlan, readPlan } from '../improve/plans.ts'
import { answerReference, keepLead, leadIdOf } from '../improve/referral.ts'
import { changeImprovement, createImprovement, readImprovement } from '../improve/store.ts'
import { tell } from '../improve/tell.ts'
import type { CheckedProgram } from '../program/checked.ts'
import type { Announce } from '../storage/jobs.ts'
import type { Row, Tx } from '../storage/postgres.ts'
import type { CustomerAct, ImproveActInput } from './input.ts'

interface OuterParts {
  announce: Announce
}

const customerActs: readonly string[] = ['plan', 'planMoves', 'planMail', 'reference', 'lead', 'leadSettled']

export const isCustomerAct = (action: CaseAction | CustomerAct): action is CustomerAct =>
  customerActs.includes(action.kind)

interface Customer extends Row {
  contactId: string
  caseId: string | null
  planId: string | null
  actId: string | null
  actResponse: string
  unitKey: string | null
}

/** What is done with the customer whose answer was about a transaction, or by them.
 * @throws Error when nobody answered, there is no plan, or nothing was asked of them
 */
export async function withCustomer(
  tx: Tx,
  parts: OuterParts,
  checked: CheckedProgram,
  { about, action }: { about: string; action: CustomerAct },
  doing: Doing,
): Promise<void> {
  const [customer] = await tx.query<Customer>(
    `select r.contact_id as "contactId", c.case_id as "caseId", p.plan_id as "planId", a.act_id as "actId",
       a.response_id as "actResponse", a.unit_key as "unitKey"
     from responses r left join case_responses c on c.response_id = r.response_id
     left join plans p on p.case_id = c.case_id
     left join promoter_acts a on a.response_id = r.response_id and a.state <> 'withheld' and a.kind <> 'upsell'
     where r.transaction_id = $1 and r.contact_id is not null order by r.answered_at limit 1`,
    [about],
  )
  if (!customer) throw new Error('nobody has answered about what is acted upon')
  if (action.kind === 'plan') return makePlan(tx, customer, action, doing)
  if (action.kind === 'planMoves' || action.kind === 'planMail')
    return onPlan(tx, parts, checked, customer.planId, action, doing)
  return onPromoter(tx, parts, checked, customer, action, doing)
}

async function makePlan(
  tx: Tx,
  { contactId, caseId, planId }: Customer,
  { title, items }: Extract<CustomerAct, { kind: 'plan' }>,
  doing: Doing,
): Promise<void> {
  if (planId !== null) return
  const { id, name } = doing.actor
  const fields = {
    ...{ title, contactId, owner: id, ownerName: name },
    items: await Promise.all(items.map(async (item) => ({ ...item, whoName: await nameOf(tx, item.who) }))),
  }
  await createPlan(tx, { ...fields, ...(caseId === null ? {} : { caseId }) }, doing)
}

async function onPlan(
  tx: Tx,
  parts: OuterParts,
  checked: CheckedProgram,
  planId: string | null,
  action: Extract<CustomerAct, { kind: 'planMoves' | 'planMail' }>,
  doing: Doing,
): Promise<void> {
  if (planId === null) throw new Error('there is no plan with the customer')
  const done = await tx.query('select 1 from plan_events where plan_id = $1 and at = $2', [
    planId,
    doing.clock.now(),
  ])
  if (done.length > 0) return
  if (action.kind === 'planMail') {
    const { subject, body } = action
    await followUpPlan(tx, { ...parts, clock: doing.clock }, checked, planId, { subject, body }, doing)
    return
  }
  const { items, revision } = await readPlan(tx, planId, {})
  const moved = items.map((item, place) => ({ ...item, state: action.states[place] ?? item.state }))
  const change = { items: moved, ...(action.closed ? { state: 'closed' as const } : {}) }
  await changePlan(tx, planId, change, revision, doing)
}

async function onPromoter(
  tx: Tx,
  parts: OuterParts,
  { program }: CheckedProgram,
  { actId, actResponse: responseId, contactId, unitKey }: Customer,
  action: Extract<CustomerAct, { kind: 'reference' | 'lead' | 'leadSettled' }>,
  doing: Doing,
): Promise<void> {
  if (actId === null) throw new Error('the customer was asked for nothing')
  const act = { actId, responseId, contactId, unitKey }
  const timed = { ...parts, clock: doing.clock }
  if (action.kind === 'reference') return answerReference(tx, timed, act, action.yes)
  if (action.kind === 'lead') return keepLead(tx, timed, program, act, action)
  const { email, state, value } = action
  const settled = { state, ...(value === undefined ? {} : { value }) }
  await settleLead(tx, leadIdOf(tx.workspaceId as string, actId, email), settled, doing)
}

/** @throws Error when there is no improvement of the title; Refusal as the portal would give */
export async function improve(
  tx: Tx,
  parts: OuterParts,
  checked: CheckedProgram,
  { action }: ImproveActInput,
  doing: Doing,
): Promise<void> {
  const [known] = await tx.query<{ id: string }>(
    'select improvement_id as id from improvements where title = $1',
    [action.title],
  )
  if (action.kind === 'improve') {
    if (known) return
    const { kind: _, transactions, owner, ...fields } = action
    const ownerName = await nameOf(tx, owner)
    const id = await createImprovement(tx, { ...nothingYet, ...fields, owner, ownerName }, doing)
    const caseIds = await casesAbout(tx, transactions)
    await linkThings(tx, id, { caseIds, responseIds: [] }, doing)
    return
  }
  if (!known) throw new Error(`there is no improvement "${action.title}"`)
  if (action.kind === 'tell') {
    await tell(tx, { ...parts, clock: doing.clock }, checked, known.id, {}, doing)
    return
  }
  const { state, note } = action
  // It may have gone on since.
  const moved = await tx.query(
    `select 1 from improvement_events
     where improvement_id = $1 and kind = 'moved' and at = $2 and detail->'state'->>'to' = $3`,
    [known.id, doing.clock.now(), state],
  )
  if (moved.length > 0) return
  const { revision } = await readImprovement(tx, known.id, {})
  await changeImprovement(tx, known.id, { state }, revision, { ...doing, note })
}

const nothingYet = {
  ...{ theme: null, cause: null, action: null, unitKey: null, dueOn: null, metric: null },
  ...{ metricWhere: null, compareWhere: null, said: {}, did: {}, concerns: null },
}

async function casesAbout(tx: Tx, transactions: ReadonlyArray<{ type: string; key: string }>) {
  const rows = await tx.query<{ id: string }>(
    `select distinct c.case_id as id from case_responses c join responses r on r.response_id = c.response_id
     where r.transaction_id = any($1::uuid[])`,
    [transactions.map(({ type, key }) => idOf.transaction(tx.workspaceId as string, type, key))],
  )
  return rows.map(({ id }) => id)
}

async function nameOf(tx: Tx, key: string): Promise<string | null> {
  const [found] = await tx.query<{ name: string | null }>(
    'select name from employees where employee_key = $1',
    [key],
  )
  return found?.name ?? null
}
