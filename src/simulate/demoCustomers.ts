// For: the customers of the simulated company, who answer when they are asked whether their case was solved, and when
// they are asked to speak well of the company.
// In: a workspace in virtual time. Out: what they would have answered by now, each at its time, and only once.

import type { Clock } from '../base/clock.ts'
import type { CaseOutcome } from '../cases/standing.ts'
import { settleAct, settleLead } from '../improve/acts.ts'
import { answerReference, countClick, keepLead, leadIdOf } from '../improve/referral.ts'
import { knownLanguage } from '../program/question.ts'
import type { PromoterKind } from '../program/schema-improve.ts'
import type { Programs } from '../program/store.ts'
import { type RecordParts, recordAnswers } from '../responses/record.ts'
import type { Database, Row, Tx } from '../storage/postgres.ts'
import { asciiName, names } from './nordicNames.ts'
import { atWork, officeHours } from './officeHours.ts'
import { type Random, randomOf } from './random.ts'

type Parts = RecordParts & { database: Database; clock: Clock; programs: Programs }

const day = 24 * 3_600_000
/** Who has not answered by then does not any more. */
const longest = 14 * day

/** Answers what has been asked and would have been answered by now. Running it again answers nothing twice. */
export async function answerAsCustomers(parts: Parts, workspaceId: string): Promise<void> {
  await answerFollowUps(parts, workspaceId)
  await parts.database.inWorkspace(workspaceId, (tx) => answerPromoterMails(tx, parts))
}

interface Asked extends Row {
  id: string
  /** The transaction's key. */
  about: string | null
  token: string
  sentAt: Date
  /** How often the case has been opened again. */
  round: number
  outcome: CaseOutcome | null
  language: string | null
}

async function answerFollowUps(parts: Parts, workspaceId: string): Promise<void> {
  const now = parts.clock.now()
  const asked = await parts.database.inWorkspace(workspaceId, (tx) =>
    tx.query<Asked>(
      `select i.invitation_id as id, i.token, i.sent_at as "sentAt", c.outcome, c.reopened as round, i.language,
         (select x.transaction_key from transactions x where x.transaction_id = i.transaction_id) as about
       from invitations i join cases c on c.case_id = i.case_id
       where i.workspace_id = $1 and i.case_id is not null and i.state = 'sent' and i.sent_at > $2
         and not exists (select from responses r where r.workspace_id = $1 and r.invitation_id = i.invitation_id)
       order by i.sent_at, 1`,
      [workspaceId, new Date(now.getTime() - longest)],
    ),
  )
  const answers = asked.flatMap(({ id, about, token, sentAt, round, outcome, language }) => {
    const random = randomOf('follow-up', about ?? id, String(round))
    if (!random.chance(0.5)) return []
    const at = new Date(sentAt.getTime() + Math.round(1 + random.waiting(26)) * 3_600_000)
    if (at > now) return []
    const isSolved = random.chance(outcome === 'solved' ? 0.88 : 0.3)
    const comment =
      isSolved || random.chance(0.4) ? undefined : stillThere[knownLanguage(language ?? undefined)]
    return [
      {
        ...{ token, at, complete: true, wayIn: 'survey' as const },
        answers: { solved: isSolved ? 'yes' : 'no', ...(comment ? { comment } : {}) },
      },
    ]
  })
  if (answers.length > 0) await recordAnswers(parts, workspaceId, answers)
}

const stillThere = {
  en: 'The same fault is back.',
  sv: 'Felet är tillbaka.',
  nb: 'Feilen er tilbake.',
}

interface Act extends Row {
  id: string
  /** The customer's key. */
  from: string | null
  kind: PromoterKind
  responseId: string
  contactId: string | null
  unitKey: string | null
  language: string | null
  owner: string | null
  ownerName: string | null
  revision: number
  at: Date
}

/** Those who were asked lately and have done nothing about it yet. */
async function answerPromoterMails(tx: Tx, parts: Parts): Promise<void> {
  const now = parts.clock.now()
  const acts = await tx.query<Act>(
    `select p.act_id as id, p.kind, p.response_id as "responseId", p.contact_id as "contactId", p.unit_key as "unitKey",
       c.language, c.contact_key as "from", p.owner, p.owner_name as "ownerName", p.revision, p.at
     from promoter_acts p left join contacts c on c.contact_id = p.contact_id
     where p.workspace_id = $1 and p.at > $2 and p.state in ('sent', 'open') and p.kind <> 'thanks' and p.clicks = 0
     order by p.at, 1`,
    [tx.workspaceId, new Date(now.getTime() - longest)],
  )
  const { program } = await parts.programs.activeIn(tx)
  for (const act of acts) {
    const random = randomOf(act.kind, act.from ?? act.id)
    const given = new Date(act.at.getTime() + Math.round((0.1 + random.waiting(2)) * day))
    // A lead is a colleague's work; all else customers do when they like.
    const at = act.kind === 'upsell' ? atWork(officeHours(program, act.unitKey), given) : given
    const acted = random.chance(shares[act.kind] ?? 0)
    if (!acted || at > now || at.getTime() > act.at.getTime() + longest) continue
    await answerMail(tx, { ...parts, clock: { now: () => at } }, act, random, now)
  }
}

/** Share of those asked who do something about it. */
const shares: Partial<Record<PromoterKind, number>> = {
  reference: 0.55,
  referral: 0.4,
  review: 0.35,
  upsell: 0.8,
}

async function answerMail(
  tx: Tx,
  parts: Parts,
  { id: actId, kind, responseId, contactId, unitKey, language, owner, ownerName, revision }: Act,
  random: Random,
  now: Date,
): Promise<void> {
  const act = { actId, responseId, contactId, unitKey }
  if (kind === 'reference') return answerReference(tx, parts, act, random.chance(0.8))
  const doing = { actor: { id: owner ?? 'demo', name: ownerName ?? '' }, scope: {}, clock: parts.clock }
  if (kind === 'upsell') {
    const settled = random.chance(0.4) ? { state: 'won' as const, value: 24_000 } : { state: 'lost' as const }
    await settleAct(tx, actId, settled, revision, doing)
    return
  }
  await countClick(tx, act)
  if (kind !== 'referral' || !random.chance(0.4)) return
  const { given, family } = names[knownLanguage(language ?? undefined)]
  const name = `${random.pick(given)} ${random.pick(family)}`
  const email = `${asciiName(name)}.${random.whole(100, 999)}@example.com`
  const { program } = await parts.programs.activeIn(tx)
  await keepLead(tx, parts, program, act, { name, email })
  if (!random.chance(0.5)) return
  const won = random.chance(0.5)
  const settledAt = atWork(officeHours(program, unitKey), parts.clock.now())
  if (settledAt > now) return
  const lead = leadIdOf(tx.workspaceId as string, actId, email)
  const settled = won ? { state: 'won' as const, value: 18_000 } : { state: 'lost' as const }
  const sales = { actor: { id: 'demo', name: 'Sales' }, clock: { now: () => settledAt } }
  await settleLead(tx, lead, settled, { ...doing, ...sales })
}
