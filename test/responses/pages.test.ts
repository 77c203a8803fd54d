import compress from '@fastify/compress'
import { type FastifyInstance, fastify } from 'fastify'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { VirtualClock } from '../../src/base/clock.ts'
import { createWriter } from '../../src/channels/content.ts'
import type { Note } from '../../src/channels/note.ts'
import { messageIdOf, queueMessages } from '../../src/channels/queue.ts'
import type { Mail } from '../../src/channels/transport.ts'
import { idOf } from '../../src/events/apply.ts'
import { importResponses } from '../../src/responses/import.ts'
import { recordAnswers } from '../../src/responses/record.ts'
import { surveyRoutes } from '../../src/responses/routes.ts'
import type { News } from '../../src/storage/jobs.ts'
import type { Database } from '../../src/storage/postgres.ts'
import {
  checked,
  exampleProgram,
  insertInvitations,
  openExample,
  start,
  workspaceId,
} from '../surveyExample.ts'

let database: Database
let clock: VirtualClock
let app: FastifyInstance
const announced: News[] = []

beforeAll(async () => {
  ;({ database, clock } = await openExample())
  app = fastify()
  await app.register(compress, { threshold: 1400 })
  await app.register(surveyRoutes, {
    database,
    clock,
    announce: async (_, news) => void announced.push(news),
    programs: { version: async () => checked(exampleProgram) },
  })
})
afterAll(async () => {
  await app.close()
  await database.close()
})
beforeEach(() => {
  announced.length = 0
})

let number = 100
const invite = async (more: Parameters<typeof insertInvitations>[2] = {}) =>
  (await insertInvitations(database, [++number], more))[0]!

const get = (url: string, headers: Record<string, string> = {}) => app.inject({ url, headers })
const post = (url: string, fields: Record<string, string> | string[][] | string) =>
  app.inject({
    method: 'POST',
    url,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    payload: new URLSearchParams(fields).toString(),
  })

const stored = async (invitationId: string) => {
  const [row] = await database.inWorkspace(workspaceId, (tx) =>
    tx.query<{ state: string; answers: Record<string, unknown>; comment: string | null; way_in: string }>(
      'select state, answers, comment, way_in from responses where invitation_id = $1',
      [invitationId],
    ),
  )
  return row
}

describe('a survey link', () => {
  it('opens the first page in the language of the invitation, and stores nothing', async () => {
    for (const [language, words] of [
      ['en', 'Send answer|Next'],
      ['sv', 'Nästa'],
      ['nb', 'Neste'],
    ] as const) {
      const { token, invitationId } = await invite({ language })
      const page = await get(`/s/${token}`)
      expect(page.statusCode).toBe(200)
      expect(page.body).toContain(`<html lang="${language}">`)
      expect(page.body).toMatch(new RegExp(words))
      expect((await app.inject({ method: 'HEAD', url: `/s/${token}?q=recommend&a=3` })).statusCode).toBe(200)
      expect(await stored(invitationId)).toBeUndefined()
    }
  })

  it('with a score from the mail marks it, says so, and stores nothing before the button', async () => {
    const { token, invitationId } = await invite()
    const page = await get(`/s/${token}?q=recommend&a=3`)
    expect(page.body).toMatch(/value="3" checked/)
    expect(page.body).toContain('It is not kept before you go on')
    expect(await stored(invitationId)).toBeUndefined()
    await post(`/s/${token}`, { asked: 'recommend', 'q.recommend': '3', way: 'mail', go: 'on' })
    expect(await stored(invitationId)).toMatchObject({
      state: 'partial',
      answers: { recommend: 3 },
      way_in: 'mail',
    })
  })

  it('with a score outside of the scale marks nothing', async () => {
    const { token } = await invite()
    for (const a of ['11', '-1', '3.5', '"><script>', 'toString']) {
      const page = await get(`/s/${token}?q=recommend&a=${encodeURIComponent(a)}`)
      expect(page.statusCode).toBe(200)
      expect(page.body).not.toContain(' checked')
      expect(page.body).not.toContain('<script>')
    }
  })

  it('shows O-data escaped', async () => {
    const { token } = await invite()
    const page = await get(`/s/${token}`)
    expect(page.body).toContain('heat pump &lt;b&gt;&quot;X&quot;&lt;/b&gt;')
  })

  it('that has expired, is unknown, or was answered says so kindly in the language', async () => {
    const { token } = await invite({ expiresAt: start, language: 'sv' })
    const expired = await get(`/s/${token}`)
    expect(expired.statusCode).toBe(410)
    expect(expired.body).toContain('Enkäten är stängd')
    const posted = await post(`/s/${token}`, { asked: 'recommend', 'q.recommend': '3', go: 'on' })
    expect(posted.statusCode).toBe(410)
    for (const link of ['/s/nosuch', `/s/${'x'.repeat(22)}`, '/s/%00', "/s/'%20or%201=1"]) {
      const unknown = await get(link, { 'accept-language': 'nb-NO,nb;q=0.9,en;q=0.8' })
      expect(unknown.statusCode).toBe(404)
      expect(unknown.body).toContain('Lenken fører ikke til noen undersøkelse')
    }
    const withheld = await invite({ state: 'withheld' })
    expect((await get(`/s/${withheld.token}`)).statusCode).toBe(410)
  })
})

describe('a form without a script', () => {
  it('leads over its pages to the thanks, and tells the loop once', async () => {
    const { token, invitationId } = await invite()
    const first = await post(`/s/${token}`, { asked: 'recommend', 'q.recommend': '3', go: 'on' })
    expect(first.statusCode).toBe(303)
    expect(first.headers.location).toBe(`/s/${token}?page=2`)
    const second = await get(first.headers.location as string)
    expect(second.body).toContain('What went wrong?')
    expect(second.body).toContain('Please contact me about this')
    const last = await post(`/s/${token}`, [
      ['asked', 'wrong satisfied channel comment callMe'],
      ['q.wrong', 'price'],
      ['q.wrong', 'late'],
      ['q.satisfied', '2'],
      ['q.comment', 'Came twice.\r\nStill <b>broken</b>.'],
      ['q.callMe', 'yes'],
      ['go', 'on'],
    ])
    expect(last.headers.location).toBe(`/s/${token}?done=1`)
    expect((await get(last.headers.location as string)).body).toContain('We read every answer.')
    expect(await stored(invitationId)).toEqual({
      state: 'completed',
      answers: {
        recommend: 3,
        wrong: ['late', 'price'],
        satisfied: 2,
        comment: 'Came twice.\nStill <b>broken</b>.',
        callMe: true,
      },
      comment: 'Came twice.\nStill <b>broken</b>.',
      way_in: 'survey',
    })
    expect(announced.map((news) => news.kind)).toEqual(['response.completed'])
    const again = await post(`/s/${token}`, { asked: 'recommend', 'q.recommend': '10', go: 'on' })
    expect(again.body).toContain('You have answered already')
    expect(await stored(invitationId)).toMatchObject({ answers: { recommend: 3 } })
    expect(announced).toHaveLength(1)
  })

  it('does not show what only unhappy people are asked to a happy one', async () => {
    const { token } = await invite()
    const first = await post(`/s/${token}`, { asked: 'recommend', 'q.recommend': '9', go: 'on' })
    const second = await get(first.headers.location as string)
    expect(second.body).not.toContain('What went wrong?')
    expect(second.body).toContain('How satisfied were you with the technician?')
  })

  it('keeps partial answers, and goes on there at the second visit', async () => {
    const { token, invitationId } = await invite()
    await post(`/s/${token}`, { asked: 'recommend', 'q.recommend': '8', go: 'on' })
    expect(await stored(invitationId)).toMatchObject({ state: 'partial', answers: { recommend: 8 } })
    const again = await get(`/s/${token}`)
    expect(again.body).toContain('Page 2 of 2')
    const back = await post(`/s/${token}`, {
      asked: 'satisfied channel comment',
      'q.comment': 'half a th',
      go: 'back',
    })
    expect(back.headers.location).toBe(`/s/${token}?page=1`)
    expect((await get(back.headers.location as string)).body).toMatch(/value="8" checked/)
    expect(await stored(invitationId)).toMatchObject({ answers: { recommend: 8, comment: 'half a th' } })
  })

  it('asks again for what is needed, and names it', async () => {
    const { token, invitationId } = await invite()
    const page = await post(`/s/${token}`, { asked: 'recommend', go: 'on' })
    expect(page.statusCode).toBe(422)
    expect(page.body).toContain('role="alert"')
    expect(page.body).toContain('This one needs an answer.')
    expect(await stored(invitationId)).toBeUndefined()
  })

  it.each([
    ['outside of its scale', [['q.recommend', '11']], 'Choose a number from 0 to 10.'],
    [
      'given twice',
      [
        ['q.recommend', '3'],
        ['q.recommend', '9'],
      ],
      'Choose one answer only.',
    ],
    ['left out', [], 'This one needs an answer.'],
  ])('tells what is wrong with an answer that is %s', async (_, fields, told) => {
    const { token, invitationId } = await invite()
    const answer = await post(`/s/${token}`, [['asked', 'recommend'], ...fields])
    expect(answer.statusCode).toBe(422)
    expect(answer.body).toContain(`<p class="fault" id="q-recommend-fault">${told}</p>`)
    expect((await stored(invitationId))?.answers ?? {}).toEqual({})
  })

  it('with an answer to a question that is not asked says which, and keeps it out', async () => {
    const { token, invitationId } = await invite()
    await post(`/s/${token}`, { asked: 'recommend', 'q.recommend': '9', go: 'on' })
    const page = await post(`/s/${token}`, { asked: 'satisfied', 'q.wrong': 'late', go: 'on' })
    expect(page.statusCode).toBe(422)
    expect(page.body).toContain('given your other answers, and was left out: What went wrong?')
    expect(page.body).not.toContain('There is no answer yet')
    const alone = await invite()
    const first = await post(`/s/${alone.token}`, { 'q.wrong': 'late', 'q.nosuch': '1', go: 'on' })
    expect(first.body).toContain('was left out: nosuch; What went wrong?')
    expect(first.body).not.toContain('There is no answer yet')
    expect(await stored(invitationId)).toMatchObject({ state: 'partial', answers: { recommend: 9 } })
  })

  it('in another form than the page sends is told how to send it', async () => {
    const { token } = await invite()
    const answer = await app.inject({ method: 'POST', url: `/s/${token}`, payload: { recommend: 9 } })
    expect(answer.statusCode).toBe(415)
    expect(answer.body).toContain('send it as application/x-www-form-urlencoded')
  })

  it('refuses hostile answers and keeps the good ones beside them', async () => {
    const { token, invitationId } = await invite()
    await post(`/s/${token}`, { asked: 'recommend', 'q.recommend': '4', go: 'on' })
    const page = await post(`/s/${token}`, [
      ['asked', 'wrong satisfied comment'],
      ['q.wrong', 'sabotage'],
      ['q.satisfied', '99'],
      ['q.comment', '<script>alert(1)</script>'],
      ['q.__proto__', '1'],
      ['q.nosuch', '1'],
      ['go', 'on'],
    ])
    expect(page.statusCode).toBe(422)
    expect(page.body).toContain('Choose a number from 1 to 5.')
    expect(page.body).toContain('&lt;script&gt;alert(1)&lt;/script&gt;')
    expect(page.body).not.toContain('<script>alert')
    expect(await stored(invitationId)).toMatchObject({
      state: 'partial',
      answers: { recommend: 4, comment: '<script>alert(1)</script>' },
    })
  })

  it('of a megabyte is refused, and nothing that was sent before is lost', async () => {
    const { token, invitationId } = await invite()
    await post(`/s/${token}`, { asked: 'recommend', 'q.recommend': '4', go: 'on' })
    const large = await post(`/s/${token}`, {
      asked: 'comment',
      'q.comment': 'x'.repeat(1_048_576),
      go: 'on',
    })
    expect(large.statusCode).toBe(413)
    expect(large.body).toContain('more than we can take')
    const long = await post(`/s/${token}`, { asked: 'comment', 'q.comment': 'x'.repeat(2_001), go: 'on' })
    expect(long.statusCode).toBe(422)
    expect(long.body).toContain('more than the 2000 characters')
    expect(await stored(invitationId)).toMatchObject({ answers: { recommend: 4 } })
  })
})

describe('the script of the page', () => {
  it('keeps answers as they come, and is told which questions follow', async () => {
    const { token, invitationId } = await invite()
    const reply = await post(`/s/${token}`, { asked: 'recommend', 'q.recommend': '2', go: 'keep' })
    const { shown } = reply.json()
    expect(shown.map((each: { id: string }) => each.id)).toEqual([
      'recommend',
      'wrong',
      'satisfied',
      'channel',
      'comment',
      'callMe',
    ])
    expect(shown[0].html).toBeUndefined()
    expect(shown[1].html).toContain('What went wrong?')
    expect(await stored(invitationId)).toMatchObject({ state: 'partial', answers: { recommend: 2 } })
  })
})

describe('answers that O-data gave', () => {
  it('are not asked, and are stored with where they came from', async () => {
    const known = {
      channel: { value: 'phone', field: 'customer.segment', since: '2026-01-01T00:00:00.000Z' },
    }
    const { token, invitationId } = await invite({ known })
    await post(`/s/${token}`, { asked: 'recommend', 'q.recommend': '9', go: 'on' })
    expect((await get(`/s/${token}?page=2`)).body).not.toContain('q.channel')
    await post(`/s/${token}`, { asked: 'satisfied comment', 'q.satisfied': '5', go: 'on' })
    const [row] = await database.inWorkspace(workspaceId, (tx) =>
      tx.query(
        'select answers, provenance, unit_key, employee_key, context, state from responses where invitation_id = $1',
        [invitationId],
      ),
    )
    expect(row).toMatchObject({
      state: 'completed',
      answers: { recommend: 9, satisfied: 5, channel: 'phone' },
      provenance: { channel: { field: 'customer.segment', since: '2026-01-01T00:00:00.000Z' } },
      unit_key: 'no-west',
      employee_key: 'e1',
      context: { transaction: { key: 'v1' } },
    })
  })
})

describe('unsubscribing', () => {
  const unsubscribed = async (recipient: string) => {
    const [row] = await database.inWorkspace(workspaceId, (tx) =>
      tx.query<{ unsubscribed_at: Date | null }>('select unsubscribed_at from contacts where email = $1', [
        recipient,
      ]),
    )
    return row!.unsubscribed_at
  }

  it('asks by a page, and is done by the button', async () => {
    const { token, recipient } = await invite({ language: 'nb' })
    const page = await get(`/u/${token}`)
    expect(page.body).toContain('Ikke spør meg igjen')
    expect(await unsubscribed(recipient)).toBeNull()
    expect((await post(`/u/${token}`, {})).statusCode).toBe(200)
    expect(await unsubscribed(recipient)).toEqual(start)
    const kept = await database.inWorkspace(workspaceId, (tx) =>
      tx.query('select at from unsubscribed_addresses where address = $1', [recipient]),
    )
    expect(kept).toEqual([{ at: start }])
  })

  it('says kindly what else to do when the link is not known', async () => {
    const page = await get(`/u/${'x'.repeat(22)}`, { 'accept-language': 'sv' })
    expect(page.statusCode).toBe(404)
    expect(page.body).toContain('svara på mejlet och skriv att du inte vill ha fler')
  })

  it('is done by the one click of a mail program, in either form', async () => {
    const first = await invite()
    await post(`/u/${first.token}`, { 'List-Unsubscribe': 'One-Click' })
    expect(await unsubscribed(first.recipient)).toEqual(start)
    const second = await invite()
    const reply = await app.inject({
      method: 'POST',
      url: `/u/${second.token}`,
      headers: { 'content-type': 'multipart/form-data; boundary=x' },
      payload: '--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n',
    })
    expect(reply.statusCode).toBe(200)
    expect(await unsubscribed(second.recipient)).toEqual(start)
  })
})

describe('a mail to a customer that is no survey', () => {
  it('has a link by which one asks for no more of them, at the address it went to; one of somebody else’s making does nothing', async () => {
    const { recipient, invitationId } = await invite()
    const { contactId, messageId, mail } = await database.inWorkspace(workspaceId, async (tx) => {
      const [row] = await tx.query<{ id: string }>(
        'select contact_id as id from invitations where invitation_id = $1',
        [invitationId],
      )
      const note = { language: 'sv' as const, subject: 'Tack', intro: 'Tack!', consentOf: row!.id }
      const message = { kind: 'promoter' as const, aboutId: invitationId, recipient, note }
      await queueMessages(tx, { clock, announce: async () => {} }, [message])
      return { contactId: row!.id, messageId: messageIdOf(workspaceId, message), mail: message }
    })
    const writer = createWriter({
      ...{ database, publicUrl: 'http://shop.test', mailFrom: 'shop@shop.test', replyTo: 'r@shop.test' },
      programs: { version: async () => checked(exampleProgram) },
    })
    const writeOne = async (note: Note) => {
      const [written] = await writer(workspaceId, [{ ...mail, messageId, note }], clock)
      return written as { mail?: Mail; dropped?: string }
    }
    const { mail: sent } = await writeOne(mail.note)
    const link = /<(.*)>/.exec(sent?.headers?.['List-Unsubscribe'] ?? '')?.[1] as string
    expect(sent?.headers?.['List-Unsubscribe-Post']).toBe('List-Unsubscribe=One-Click')
    expect(link).toMatch(/^http:\/\/shop\.test\/u\/[A-Za-z0-9_-]{59}$/)
    expect(sent?.html).toContain(`href="${link}"`)
    expect(sent?.text).toContain(`Skicka inga fler sådana mejl: ${link}`)
    const path = new URL(link).pathname
    // Not the last character, of which only some bits count.
    const forged = `${path.slice(0, -2)}${path.at(-2) === 'A' ? 'B' : 'A'}${path.at(-1)}`
    expect((await post(forged, {})).statusCode).toBe(404)
    expect((await get(path)).body).toContain('Inga fler sådana mejl?')
    const since = () =>
      database.inWorkspace(workspaceId, (tx) =>
        tx.query(
          `select c.unsubscribed_at as since, n.at from contacts c
           left join unsubscribed_addresses n on n.address = mail_address($2) where c.contact_id = $1`,
          [contactId, recipient],
        ),
      )
    expect(await since()).toEqual([{ since: null, at: null }])
    expect((await post(path, { 'List-Unsubscribe': 'One-Click' })).statusCode).toBe(200)
    expect(await since()).toEqual([{ since: start, at: start }])
    // From then on none of these go out, but what answers them still does.
    expect(await writeOne(mail.note)).toMatchObject({ dropped: 'unsubscribed' })
    expect((await writeOne({ ...mail.note, answers: true })).mail?.headers).toHaveProperty('List-Unsubscribe')
  })
})

describe('the first page over the wire', () => {
  it('is at most 14 KB, HTML, style and script together, with nothing from elsewhere and nothing inline', async () => {
    const { token } = await invite()
    const page = await get(`/s/${token}`, { 'accept-encoding': 'br' })
    const html = (await get(`/s/${token}`)).body
    const files = [...html.matchAll(/(?:href|src)="(\/s\/assets\/[^"]+)"/g)].map((match) => match[1]!)
    expect(files).toHaveLength(2)
    let bytes = page.rawPayload.length
    for (const file of files) {
      const asset = await get(file, { 'accept-encoding': 'br' })
      expect(asset.statusCode).toBe(200)
      expect(asset.headers['cache-control']).toContain('immutable')
      bytes += asset.rawPayload.length
    }
    expect(bytes).toBeLessThanOrEqual(14 * 1024)
    expect(html).not.toMatch(/https?:\/\//)
    expect(html).not.toMatch(/<style|<script>| style=| on\w+=/)
    expect(page.headers['content-security-policy']).toContain("default-src 'none'")
    console.info(`first page: ${bytes} bytes`)
  })
})

describe('a link whose visit is answered elsewhere', () => {
  const parts = () => ({
    database,
    clock,
    announce: async (_: unknown, news: News) => void announced.push(news),
    programs: { active: async () => checked(exampleProgram), version: async () => checked(exampleProgram) },
  })
  /** A link about that visit, or about none. */
  async function linkAbout(visit: string | null) {
    const { token, invitationId } = await invite()
    const transaction = visit === null ? null : idOf.transaction(workspaceId, 'visit', visit)
    await database.inWorkspace(workspaceId, (tx) =>
      tx.query('update invitations set transaction_id = $2, sent_at = $3 where invitation_id = $1', [
        ...[invitationId, transaction, start],
      ]),
    )
    return { token, invitationId, contactKey: `c${number}` }
  }
  const handIn = (externalId: string, more: object) =>
    importResponses(parts(), workspaceId, [
      {
        ...{ source: 'paper', externalId, survey: 'visit', answers: { recommend: 2 } },
        answeredAt: start,
        ...more,
      },
    ])
  const isOpen = async (token: string) => !(await get(`/s/${token}`)).body.includes('answered already')

  it('says so kindly and takes no second answer; what was begun is kept, and the one from elsewhere stands', async () => {
    const { token, invitationId, contactKey } = await linkAbout('paper-1')
    const other = await linkAbout('paper-2')
    const begun = {
      token,
      answers: { recommend: 9 },
      complete: false,
      at: clock.now(),
      wayIn: 'survey' as const,
    }
    await recordAnswers(parts(), workspaceId, [begun])
    const transaction = { type: 'visit', key: 'paper-1' }
    // On paper, a day before the link was sent.
    const answeredAt = new Date(start.getTime() - 86_400_000)
    const [receipt] = await handIn('p1', { transaction, contactKey, answeredAt })
    expect(receipt).toMatchObject({ status: 'imported' })
    const page = await get(`/s/${token}`)
    expect([page.statusCode, page.body.includes('You have answered already')]).toEqual([200, true])
    const sent = await post(`/s/${token}`, { asked: 'recommend', 'q.recommend': '10', go: 'on' })
    expect(sent.body).toContain('You have answered already')
    const again = {
      token,
      answers: { recommend: 10 },
      complete: true,
      at: clock.now(),
      wayIn: 'api' as const,
    }
    const { responseId } = receipt as { responseId: string }
    expect(await recordAnswers(parts(), workspaceId, [again])).toEqual([{ responseId, state: 'completed' }])
    expect(await stored(invitationId)).toMatchObject({ state: 'partial', answers: { recommend: 9 } })
    expect(await handIn('p1', { transaction, contactKey, answeredAt })).toMatchObject([
      { status: 'duplicate' },
    ])
    expect(await isOpen(other.token)).toBe(true)
  })

  it('stays open for an answer about no visit that was given before it was sent, and closes for a later one', async () => {
    const { token, contactKey } = await linkAbout(null)
    const about = await linkAbout('paper-3')
    await handIn('p2', { contactKey, answeredAt: new Date(start.getTime() - 1) })
    expect(await isOpen(token)).toBe(true)
    await handIn('p3', { contactKey })
    expect(await isOpen(token)).toBe(false)
    await handIn('p4', { contactKey: about.contactKey })
    expect(await isOpen(about.token)).toBe(true)
  })

  it('that was answered by itself before is left to that answer', async () => {
    const { token, invitationId, contactKey } = await linkAbout('paper-5')
    const input = { token, answers: { recommend: 8 }, complete: true, at: clock.now(), wayIn: 'api' as const }
    const own = await recordAnswers(parts(), workspaceId, [input])
    await handIn('p5', { contactKey, transaction: { type: 'visit', key: 'paper-5' } })
    expect(await recordAnswers(parts(), workspaceId, [input])).toEqual(own)
    expect(await stored(invitationId)).toMatchObject({ state: 'completed', answers: { recommend: 8 } })
  })
})
