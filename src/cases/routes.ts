import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type, { type Static } from 'typebox'
import { addDuration, isDuration, isTooLong, startOfDay } from '../base/clock.ts'
import { Refusal } from '../base/errors.ts'
import { Id } from '../base/wire.ts'
import { unitScope } from '../people/access.ts'
import { LanguageQuery } from '../people/wire.ts'
import type { CheckedProgram } from '../program/checked.ts'
import { type ActionBody, actOnCase } from './actions.ts'
import { caseActor } from './actor.ts'
import { actOnMany, type BulkDeed } from './bulk.ts'
import { bulkValidator } from './bulkForm.ts'
import { deskPolicy, themeAndParts } from './deskWords.ts'
import { caseDetail } from './detail.ts'
import { type InboxFilter, readInbox } from './inbox.ts'
import { type LetterParts, writeLetter } from './letters.ts'
import { caseOnWire, casesOnWire } from './read.ts'
import { viewRoutes } from './viewRoutes.ts'
import {
  actionBodies,
  BulkBody,
  BulkShape,
  CaseDetailShape,
  CaseShape,
  DoneShape,
  InboxQuery,
  InboxShape,
  MailBody,
  PolicyShape,
} from './wire.ts'

const tags = ['Cases']
const summaries: Record<keyof typeof actionBodies, string> = {
  take: 'Take a case; one that somebody has moves to you',
  assign: 'Give a case to somebody; for managers and leads',
  forward: 'Pass your case on to somebody else, saying why; counted',
  note: 'Note something on a case',
  attempt: 'The customer was tried and not reached',
  contact: 'The customer was reached',
  escalate: 'Ask for help from above: as the policy says, or somebody named',
  record: 'Note cause, action, churn risk before and after, what was learned, a quote',
  close: 'Close a case with its outcome, and its cause where the program has causes',
  reopen: 'Open a closed case again',
  read: 'You have read what came from the customer; of your own case, or of a closed one',
  watch: 'Be kept informed of a case',
  unwatch: 'Be kept informed no longer',
}

/** Cases: what waits, one with all that belongs to it, what one does with it and with many at once, saved views. */
export function caseRoutes(parts: LetterParts): FastifyPluginAsyncTypebox {
  const { database, clock, programs } = parts
  const languageOf = ({ program }: CheckedProgram, asked: string | undefined) =>
    asked ?? program.workspace.languages[0] ?? 'en'

  return async (app) => {
    await app.register(viewRoutes(parts))
    app.get(
      '/v1/cases',
      {
        config: { scope: 'cases:read' },
        schema: {
          tags,
          summary: 'The inbox: cases by tab, filters and order, with the counts of the tabs',
          querystring: InboxQuery,
          response: { 200: InboxShape },
        },
      },
      async ({ principal, query }) => {
        const { workspaceId } = principal
        const checked = await programs.active(workspaceId)
        const now = clock.now()
        const filter = filterOf(checked, query, now)
        const { items, ...page } = await database.inWorkspace(workspaceId, (tx) =>
          readInbox(tx, filter, { me: caseActor(principal).id, scope: unitScope(principal), now }),
        )
        return { ...page, items: (await casesOnWire(programs, workspaceId, items)) as never }
      },
    )
    app.get(
      '/v1/cases/policy',
      {
        config: { scope: 'cases:read' },
        schema: {
          tags,
          summary: 'What the desk needs of the recovery policy: rules, causes, actions, templates, targets',
          querystring: Type.Object({ language: LanguageQuery }),
          response: { 200: PolicyShape },
        },
      },
      async ({ principal, query }) => {
        const checked = await programs.active(principal.workspaceId)
        return database.inWorkspace(principal.workspaceId, (tx) =>
          deskPolicy(tx, checked, languageOf(checked, query.language)),
        )
      },
    )
    app.post(
      '/v1/cases/bulk',
      {
        validatorCompiler: bulkValidator,
        config: { scope: 'cases:write' },
        schema: {
          tags,
          summary:
            'Take, assign, close or answer up to 500 cases, each by its own revision; a receipt for each',
          body: BulkBody,
          response: { 200: BulkShape },
        },
      },
      async ({ principal, body }) => {
        const { items, ...deed } = body
        const { receipts, warnings } = await actOnMany(parts, principal, items, deed as BulkDeed)
        const done = receipts.filter(({ status }) => status === 'done').length
        return { receipts, done, refused: receipts.length - done, warnings } as never
      },
    )
    app.get(
      '/v1/cases/:id',
      {
        config: { scope: 'cases:read' },
        schema: {
          tags,
          summary:
            'One case: its answers, history, people, advice, mails, timelines, and closed cases like it',
          params: Id,
          querystring: Type.Object({ language: LanguageQuery }),
          response: { 200: CaseDetailShape },
        },
      },
      async ({ principal, params, query }) => {
        const checked = await programs.active(principal.workspaceId)
        const detail = await database.inWorkspace(principal.workspaceId, (tx) =>
          caseDetail(tx, programs, checked, params.id, principal, languageOf(checked, query.language)),
        )
        return detail as never
      },
    )
    app.post(
      '/v1/cases/:id/mail',
      {
        config: { scope: 'cases:write' },
        schema: {
          tags,
          summary: 'Write to the customer; counts as contact by mail, and the answer comes back to the case',
          params: Id,
          body: MailBody,
          response: { 200: CaseShape },
        },
      },
      async ({ principal, params, body }) => {
        const found = await writeLetter(parts, principal, params.id, body)
        return caseOnWire(await programs.version(principal.workspaceId, found.answerVersion), found) as never
      },
    )
    for (const [kind, summary] of Object.entries(summaries) as Array<[keyof typeof actionBodies, string]>) {
      app.post(
        `/v1/cases/:id/${kind}`,
        {
          config: { scope: 'cases:write' },
          schema: { tags, summary, params: Id, body: actionBodies[kind], response: { 200: DoneShape } },
        },
        async ({ principal, params, body }) => {
          const { found, warnings } = await actOnCase(parts, principal, params.id, kind, body as ActionBody)
          const checked = await programs.version(principal.workspaceId, found.answerVersion)
          return { ...caseOnWire(checked, found), warnings } as never
        },
      )
    }
  }
}

/** @throws Refusal request.malformed when dueWithin is no duration */
function filterOf(checked: CheckedProgram, query: Static<typeof InboxQuery>, now: Date): InboxFilter {
  const { theme, contact, account, dueWithin, limit, from, to, ...rest } = query
  const { timeZone } = checked.program.workspace
  if (dueWithin !== undefined && (!isDuration(dueWithin) || isTooLong(dueWithin))) {
    throw new Refusal('request.malformed', undefined, [
      { where: 'querystring/dueWithin', message: 'expected an ISO 8601 duration, such as PT4H' },
    ])
  }
  return {
    ...rest,
    limit: limit ?? 30,
    ...(theme === undefined ? {} : { themes: themeAndParts(checked, theme) }),
    ...(contact === undefined ? {} : { contactId: contact }),
    ...(account === undefined ? {} : { accountId: account }),
    ...(dueWithin === undefined ? {} : { dueBefore: addDuration(now, dueWithin, timeZone) }),
    ...(from === undefined ? {} : { from: startOfDay(timeZone, from) }),
    ...(to === undefined ? {} : { to: startOfDay(timeZone, to) }),
  }
}
