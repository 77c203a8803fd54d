// For: the survey and unsubscribe pages: forms that work without a script.
// In: links /s/:token and /u/:token. Out: pages; answers handed to recordAnswers. GET and HEAD never store anything.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Clock } from '../base/clock.ts'
import type { Log } from '../base/log.ts'
import { createBatcher, runsAtOnce } from '../storage/batcher.ts'
import type { Database } from '../storage/postgres.ts'
import { type Asset, assets } from './assets.ts'
import { readForm } from './form.ts'
import { isToken } from './invited.ts'
import { createLookup } from './lookup.ts'
import { renderMessage } from './page.ts'
import { sendPersonalPage } from './personalPage.ts'
import { type AnswerInput, type AnswerReceipt, type RecordParts, recordAnswers } from './record.ts'
import { unsubscribe, unsubscribePage } from './unsubscribe.ts'
import { type Shown, showSurvey, takeForm, type Visit, type VisitParts } from './visit.ts'
import { surveyWords, wishedLanguage } from './wording.ts'

export interface SurveyParts extends RecordParts {
  database: Database
  clock: Clock
  log?: Log
  receipt?: VisitParts['receipt'] | undefined
}

const longestForm = 512 * 1024
const policy = [
  "default-src 'none'",
  "style-src 'self'",
  "script-src 'self'",
  "connect-src 'self'",
  'img-src data:',
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** Registers the pages. A plugin of its own, so that its forms and its error pages stay its own. */
export async function surveyRoutes(app: FastifyInstance, parts: SurveyParts): Promise<void> {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'buffer' }, (_, body, done) =>
    done(null, readForm(body as Buffer)),
  )
  // Mail providers may send the one click as multipart (RFC 8058); nothing in it is needed.
  app.addContentTypeParser('multipart/form-data', { parseAs: 'string', bodyLimit: 16_384 }, (_, __, done) =>
    done(null, new URLSearchParams()),
  )
  app.setErrorHandler((error: Error & { statusCode?: number; status?: number }, request, reply) => {
    const status = error.statusCode ?? error.status ?? 500
    if (status >= 500)
      (parts.log ?? request.log).error({ err: error, requestId: request.id }, 'survey page failed')
    const language = wishedLanguage(request.headers['accept-language'])
    const words = surveyWords[language]
    const message = status === 413 ? words.tooLarge : status === 415 ? words.wrongType : words.failed
    const { token } = (request.params ?? {}) as { token?: string }
    const link = token && isToken(token) ? { href: `/s/${token}`, label: words.retry } : undefined
    const title = words.faults.replace(/:$/, '')
    return send(
      reply,
      status,
      renderMessage({ language, workspace: '', title, message, ...(link ? { link } : {}) }),
    )
  })

  const record = recorder(parts)
  const visited = { ...parts, lookup: createLookup(parts.database) }
  const visitOf = (request: FastifyRequest): Visit => ({
    token: (request.params as { token: string }).token,
    wished: wishedLanguage(request.headers['accept-language']),
    query: request.query as Record<string, unknown>,
  })

  app.get('/s/:token', async (request, reply) => answer(reply, await showSurvey(visited, visitOf(request))))
  app.post('/s/:token', { bodyLimit: longestForm }, async (request, reply) =>
    answer(reply, await takeForm(visited, record, visitOf(request), form(request))),
  )
  app.get('/u/:token', async (request, reply) =>
    answer(reply, await unsubscribePage(visited, visitOf(request))),
  )
  app.post('/u/:token', { bodyLimit: 16_384 }, async (request, reply) =>
    answer(reply, await unsubscribe(visited, visitOf(request))),
  )
  for (const asset of Object.values(assets)) {
    app.get(asset.path, (request, reply) => sendAsset(request, reply, asset))
  }
}

/** Whether an address is one of those that customers are sent. */
export const isPersonal = (url: string): boolean => /^\/[su]\//.test(url)

/** The page for a link that was garbled on its way, so that no route can read it. */
export function answerUnreadable(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const language = wishedLanguage(request.headers['accept-language'])
  const { unknownTitle, unknown, unknownStopTitle, unknownStop } = surveyWords[language]
  const [title, message] = request.url.startsWith('/u/')
    ? [unknownStopTitle, unknownStop]
    : [unknownTitle, unknown]
  return send(reply, 404, renderMessage({ language, workspace: '', title, message }))
}

/** Answers that come at the same time share one commit, for each workspace. */
function recorder(parts: SurveyParts): (workspaceId: string, input: AnswerInput) => Promise<AnswerReceipt> {
  const batchers = new Map<string, (input: AnswerInput) => Promise<AnswerReceipt>>()
  return (workspaceId, input) => {
    let batcher = batchers.get(workspaceId)
    if (!batcher) {
      batcher = createBatcher<AnswerInput, AnswerReceipt>(
        200,
        (inputs) => recordAnswers(parts, workspaceId, inputs),
        runsAtOnce(parts.database),
      )
      batchers.set(workspaceId, batcher)
    }
    return batcher(input)
  }
}

const form = (request: FastifyRequest) =>
  request.body instanceof URLSearchParams ? request.body : new URLSearchParams()

function answer(reply: FastifyReply, shown: Shown): FastifyReply {
  if ('json' in shown) {
    reply.header('cache-control', 'no-store')
    return reply.status(shown.status).send(shown.json)
  }
  if ('to' in shown) {
    reply.header('cache-control', 'no-store')
    return reply.redirect(shown.to, 303)
  }
  return send(reply, shown.status, shown.html)
}

const send = (reply: FastifyReply, status: number, html: string) =>
  sendPersonalPage(reply, status, html, policy)

function sendAsset(request: FastifyRequest, reply: FastifyReply, asset: Asset): FastifyReply {
  const accepted = String(request.headers['accept-encoding'] ?? '')
  const encoding = /\bbr\b/.test(accepted) ? 'br' : /\bgzip\b/.test(accepted) ? 'gzip' : undefined
  reply.headers({
    'content-type': asset.type,
    'cache-control': 'public, max-age=31536000, immutable',
    'x-content-type-options': 'nosniff',
    vary: 'accept-encoding',
  })
  if (encoding) reply.header('content-encoding', encoding)
  return reply.send(encoding ? asset[encoding] : asset.plain)
}
