// For: the page behind the link in a promoter's mail: reference, referral, review.
// In: links /r/:token and their forms. Out: pages; clicks, leads and answers counted. GET and HEAD never store anything.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Clock } from '../base/clock.ts'
import { stableId } from '../base/ids.ts'
import { queueMessages } from '../channels/queue.ts'
import { escapeHtml } from '../channels/wording.ts'
import { mailColleagueAt } from '../people/quiet.ts'
import { resolvePeople } from '../people/who.ts'
import { knownLanguage, localeOf } from '../program/question.ts'
import type { LanguageCode, Program } from '../program/schema.ts'
import type { PromoterKind } from '../program/schema-improve.ts'
import type { Programs } from '../program/store.ts'
import { readForm } from '../responses/form.ts'
import { isToken } from '../responses/invited.ts'
import { layout, renderMessage } from '../responses/page.ts'
import { sendPersonalPage } from '../responses/personalPage.ts'
import { surveyWords, wishedLanguage } from '../responses/wording.ts'
import type { Announce } from '../storage/jobs.ts'
import { appendOutbox } from '../storage/outbox.ts'
import type { Database, Row, Tx } from '../storage/postgres.ts'
import { enterAmbassador } from './acts.ts'
import { improveWords } from './wording.ts'

export interface ReferralParts {
  database: Database
  clock: Clock
  announce: Announce
  programs: Programs
}

interface Linked extends Row {
  workspaceId: string
  actId: string
  rule: string
  kind: PromoterKind
  responseId: string
  contactId: string | null
  unitKey: string | null
  version: string
  language: string | null
  state: string
  settledAt: Date | null
}

/** So that nobody fills the list of leads by a link that has got about. */
const leadsAtMost = 200

/** What the page may load and send. A form leads on to pages elsewhere, which browsers count as a form's action too. */
const policy =
  "default-src 'none'; style-src 'self'; img-src data:; form-action 'self' https: http:; base-uri 'none'; frame-ancestors 'none'"

/** Registers the page. A plugin of its own, so that its forms stay its own. */
export async function referralRoutes(app: FastifyInstance, parts: ReferralParts): Promise<void> {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'buffer' }, (_, body, done) =>
    done(null, readForm(body as Buffer)),
  )
  app.get('/r/:token', async (request, reply) => {
    const found = await find(parts, request)
    return found ? send(reply, 200, await page(parts, found)) : send(reply, 404, goneFrom(request))
  })
  app.post('/r/:token', { bodyLimit: 16_384 }, async (request, reply) => {
    const found = await find(parts, request)
    if (!found) return send(reply, 404, goneFrom(request))
    const form = request.body instanceof URLSearchParams ? request.body : new URLSearchParams()
    const wanted = form.get('do')
    if (wanted === 'go') {
      const url = await goOn(parts, found)
      if (url) return reply.header('cache-control', 'no-store').redirect(url, 303)
    }
    if (wanted === 'lead' && found.act.kind === 'referral') {
      const taken = await takeLead(parts, found, form)
      return send(
        reply,
        taken ? 200 : 422,
        taken ? await thanked(parts, found) : await page(parts, found, { fault: true }),
      )
    }
    if ((wanted === 'yes' || wanted === 'no') && found.act.kind === 'reference') {
      await parts.database.inWorkspace(found.act.workspaceId, (tx) =>
        answerReference(tx, parts, found.act, wanted === 'yes'),
      )
      const act = { ...found.act, state: stateOf(wanted) }
      return send(reply, 200, await page(parts, { ...found, act }, { thanks: true }))
    }
    return send(reply, 200, await page(parts, found))
  })
}

interface Found {
  act: Linked
  language: LanguageCode
  token: string
}

async function find(
  { database, programs }: ReferralParts,
  request: FastifyRequest,
): Promise<Found | undefined> {
  const { token } = request.params as { token: string }
  if (!isToken(token)) return undefined
  const [act] = await database.asOwner((tx) =>
    tx.query<Linked>(
      `select p.workspace_id as "workspaceId", p.act_id as "actId", p.rule, p.kind, p.contact_id as "contactId",
         p.response_id as "responseId", p.unit_key as "unitKey", p.version, c.language,
         p.state, p.settled_at as "settledAt"
       from samklang.promoter_acts p
       left join samklang.contacts c on c.workspace_id = p.workspace_id and c.contact_id = p.contact_id
       where p.token = $1 and p.state <> 'withheld'`,
      [token],
    ),
  )
  if (!act) return undefined
  // A referral is read by somebody else than the one who got the mail, and by whom the workspace may have no words for.
  const { program } = await programs.version(act.workspaceId, act.version)
  const wished = wishedLanguage(request.headers['accept-language'], program.workspace.languages)
  const language = act.kind === 'referral' || act.language === null ? wished : knownLanguage(act.language)
  return { act, language, token }
}

async function ruleOf({ programs }: ReferralParts, { act }: Found) {
  const { program } = await programs.version(act.workspaceId, act.version)
  return { program, rule: program.promoters?.rules.find(({ id }) => id === act.rule) }
}

const nameOf = async (parts: ReferralParts, found: Found) =>
  (await ruleOf(parts, found)).program.workspace.name

async function page(
  parts: ReferralParts,
  found: Found,
  { fault = false, thanks = false } = {},
): Promise<string> {
  const { program, rule } = await ruleOf(parts, found)
  const { language, act } = found
  const workspace = program.workspace.name
  const words = improveWords[language]
  const text = escapeHtml
  const buttons = (...each: [value: string, label: string][]) =>
    `<form method="post"><div class="end">${each.map(([value, label], index) => `<button${index > 0 ? ' class="quiet"' : ''} name="do" value="${value}">${text(label)}</button>`).join('')}</div></form>`
  const whole = (title: string, ask: string, forms: string) =>
    layout({
      ...{ language, workspace, title, script: false },
      body: `<h1>${text(title)}</h1><p class="intro">${text(ask)}</p>${forms}`,
    })
  if (act.kind === 'reference') {
    const names = { yes: words.referenceYes, no: words.referenceNo }
    const said = (['yes', 'no'] as const).find((answer) => stateOf(answer) === act.state)
    if (said === undefined)
      return whole(
        words.referenceTitle,
        words.referenceAsk(workspace),
        buttons(['yes', names.yes], ['no', names.no]),
      )
    const other = said === 'yes' ? 'no' : 'yes'
    const { timeZone } = program.workspace
    const day = (act.settledAt ?? parts.clock.now()).toLocaleDateString(localeOf(language), {
      dateStyle: 'long',
      timeZone,
    })
    return whole(
      words.referenceTitle,
      thanks ? words.referenceThanks(names[said]) : words.referenceNoted(names[said], day),
      buttons([other, words.referenceChange(names[other])]),
    )
  }
  const go = rule?.url ? buttons(['go', act.kind === 'review' ? words.goOn : words.look(workspace)]) : ''
  if (act.kind === 'review') return whole(words.reviewTitle, words.reviewAsk, go)
  const field = (name: string, label: string, type: string) =>
    `<div class="q"><label class="t" for="${name}">${text(label)}</label><input id="${name}" name="${name}" type="${type}" maxlength="200" required autocomplete="${type === 'email' ? 'email' : 'name'}"></div>`
  const lead = `<form method="post">${fault ? `<p class="fault" role="alert">${text(words.leadFault)}</p>` : ''}${field('name', words.yourName, 'text')}${field('email', words.yourEmail, 'email')}<div class="q"><label class="t" for="message">${text(words.yourMessage)} <small>${surveyWords[language].optional}</small></label><textarea id="message" name="message" rows="3" maxlength="2000"></textarea></div><div class="end"><button name="do" value="lead">${text(words.send)}</button></div></form>`
  return whole(words.referralTitle(workspace), words.referralAsk(workspace), go + lead)
}

const message = ({ language }: Found, title: string, said: string, workspace: string) =>
  renderMessage({ language, workspace, title, message: said })

async function thanked(parts: ReferralParts, found: Found): Promise<string> {
  const workspace = await nameOf(parts, found)
  const words = improveWords[found.language]
  return message(found, words.referralTitle(workspace), words.leadThanks(workspace), workspace)
}

function goneFrom(request: FastifyRequest): string {
  const language = wishedLanguage(request.headers['accept-language'])
  return renderMessage({
    language,
    workspace: '',
    title: improveWords[language].gone,
    message: surveyWords[language].unknown,
  })
}

/** Counts the click. @returns where it leads, or nothing when the program names no page any more */
async function goOn(parts: ReferralParts, found: Found): Promise<string | undefined> {
  const { rule } = await ruleOf(parts, found)
  if (!rule?.url) return undefined
  await parts.database.inWorkspace(found.act.workspaceId, (tx) => countClick(tx, found.act))
  return rule.url
}

/** Somebody has followed the link. */
export async function countClick(
  tx: Tx,
  { actId, responseId }: Pick<Linked, 'actId' | 'responseId'>,
): Promise<void> {
  await tx.query('update promoter_acts set clicks = clicks + 1 where act_id = $1', [actId])
  await appendOutbox(tx, 'response', [responseId])
}

/** Reads a lead out of the form. @returns false when name or address is missing */
async function takeLead(parts: ReferralParts, found: Found, form: URLSearchParams): Promise<boolean> {
  const name = (form.get('name') ?? '').trim().slice(0, 200)
  const email = (form.get('email') ?? '').trim().slice(0, 200)
  const message = (form.get('message') ?? '').trim().slice(0, 2000)
  if (name === '' || !/^[^\s@<>"]+@[^\s@<>"]+\.[^\s@<>"]+$/.test(email)) return false
  const { program } = await parts.programs.active(found.act.workspaceId)
  await parts.database.inWorkspace(found.act.workspaceId, (tx) =>
    keepLead(tx, parts, program, found.act, { name, email, message }),
  )
  return true
}

export interface GivenLead {
  name: string
  email: string
  message?: string
}

/** Names a lead: one address is one lead of an act. */
export const leadIdOf = (workspaceId: string, actId: string, email: string) =>
  stableId(workspaceId, 'lead', actId, email.toLowerCase())

/** Keeps a lead and tells who answers for the unit, not in their quiet hours. The same address again is the same lead.
 * @param program the one in force
 */
export async function keepLead(
  tx: Tx,
  parts: Pick<ReferralParts, 'announce' | 'clock'>,
  program: Program,
  { actId, responseId, unitKey }: Pick<Linked, 'actId' | 'responseId' | 'unitKey'>,
  { name, email, message = '' }: GivenLead,
): Promise<void> {
  const at = parts.clock.now()
  const leadId = leadIdOf(tx.workspaceId as string, actId, email)
  const stored = await tx.query(
    `insert into referral_leads (workspace_id, lead_id, act_id, name, email, message, state, at)
     select $1, $2, $3, $4, $5, $6, 'open', $7::timestamptz
     where (select count(*) from referral_leads where act_id = $3) < ${leadsAtMost}
     on conflict do nothing returning lead_id`,
    [tx.workspaceId, leadId, actId, name, email, message || null, at],
  )
  if (stored.length === 0) return
  await appendOutbox(tx, 'response', [responseId])
  const [managers] = await resolvePeople(tx, [
    { who: 'unitManager', unitKey, employeeKey: null, accountOwner: null, at, present: true },
  ])
  const owner = managers?.people.find((person) => person.email)
  if (!owner?.email) return
  const [promoter] = await tx.query<{ name: string | null }>(
    `select c.name from promoter_acts p join contacts c on c.workspace_id = p.workspace_id and c.contact_id = p.contact_id
     where p.act_id = $1`,
    [actId],
  )
  const language = knownLanguage(owner.language ?? program.workspace.languages[0])
  const words = improveWords[language]
  const subject = words.upsellSubject(name)
  await queueMessages(tx, parts, [
    {
      ...{ kind: 'promoter', aboutId: leadId, recipient: owner.email },
      sendAt: mailColleagueAt(program, owner, at),
      note: {
        ...{ language, subject, title: subject },
        intro: words.leadIntro(promoter?.name ?? ''),
        rows: [
          [words.leadName, name],
          [words.leadEmail, email],
        ],
        ...(message ? { quotes: [{ text: message }] } : {}),
        action: { label: words.leadOpen, path: '/promoters' },
      },
    },
  ])
}

const stateOf = (answer: 'yes' | 'no') => (answer === 'yes' ? 'accepted' : 'declined')

/** The customer's own answer whether they may be named. Yes enters the register of ambassadors, no leaves it; either may
 * be changed later.
 */
export async function answerReference(
  tx: Tx,
  { clock }: Pick<ReferralParts, 'clock'>,
  { actId, responseId, contactId }: Pick<Linked, 'actId' | 'responseId' | 'contactId'>,
  yes: boolean,
): Promise<void> {
  const at = clock.now()
  await tx.query(
    `update promoter_acts set state = $2, settled_at = $3, settled_by = null, revision = revision + 1
     where act_id = $1 and state <> $2`,
    [actId, stateOf(yes ? 'yes' : 'no'), at],
  )
  await appendOutbox(tx, 'response', [responseId])
  if (contactId !== null) await enterAmbassador(tx, contactId, yes, 'reference', actId, at, null)
}

const send = (reply: FastifyReply, status: number, html: string) =>
  sendPersonalPage(reply, status, html, policy)
