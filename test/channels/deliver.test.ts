import type { AddressInfo } from 'node:net'
import { createServer, type Server } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { VirtualClock } from '../../src/base/clock.ts'
import { stableId } from '../../src/base/ids.ts'
import { createMailer, deliverMessages } from '../../src/channels/deliver.ts'
import { type Mailbox, openMailbox } from '../../src/channels/mailbox.ts'
import { listMailbox, readMailbox } from '../../src/channels/mailboxReading.ts'
import { listTroubledMessages, queueMessages } from '../../src/channels/queue.ts'
import { openTransport, type Transport } from '../../src/channels/transport.ts'
import { placeMember } from '../../src/people/members.ts'
import type { Program } from '../../src/program/schema.ts'
import type { News } from '../../src/storage/jobs.ts'
import type { Database } from '../../src/storage/postgres.ts'
import {
  checked,
  type ExampleInvitation,
  exampleProgram,
  insertInvitations,
  openExample,
  start,
  workspaceId,
} from '../surveyExample.ts'

let database: Database
let clock: VirtualClock
let mailbox: Mailbox
let transport: Transport
const announced: Array<{ news: News; at: Date | undefined }> = []
const announce = async (_: unknown, news: News, at?: Date) => void announced.push({ news, at })

beforeAll(async () => {
  ;({ database, clock } = await openExample())
  mailbox = await openMailbox({ database, clock }, 0)
  transport = openTransport(mailbox.url)
})
afterAll(async () => {
  transport.close()
  await mailbox.close()
  await database.close()
})

const mailerTo = (to: Transport, toMailbox = true) =>
  createMailer({ transport: to, toMailbox, mailFrom: 'Samklang <feedback@example.org>', sole: true })

const partsFor = (mailer: ReturnType<typeof createMailer>) => ({
  database,
  clock,
  announce,
  programs: { version: async () => checked(exampleProgram) },
  publicUrl: 'https://feedback.example.org',
  mailer,
})

async function queued(numbers: number[], more: Parameters<typeof insertInvitations>[2] = {}) {
  const invitations = await insertInvitations(database, numbers, more)
  const messages = invitations.map(({ invitationId, recipient }) => ({
    kind: 'invitation' as const,
    aboutId: invitationId,
    recipient,
  }))
  await database.inWorkspace(workspaceId, (tx) => queueMessages(tx, { announce, clock }, messages))
  return invitations
}

const states = (ids: string[]) =>
  database.inWorkspace(workspaceId, (tx) =>
    tx.query<{ message: string; invitation: string; sentAt: Date | null }>(
      `select m.state as message, i.state as invitation, m.sent_at as "sentAt"
       from messages m join invitations i on i.invitation_id = m.about_id where i.invitation_id = any($1::uuid[])`,
      [ids],
    ),
  )

const arrivedFor = async (recipient: string) => {
  const list = await database.inWorkspace(workspaceId, (tx) => listMailbox(tx, { limit: 1000 }))
  return list.items.filter((item) => item.recipient === recipient)
}

describe('an invitation by mail', () => {
  it('arrives over SMTP with the first question as links, a text part and one-click unsubscribing', async () => {
    const [invitation] = await queued([1])
    const delivery = await deliverMessages(partsFor(mailerTo(transport)), workspaceId)
    expect(delivery).toEqual({ sent: 1, failed: 0, uncertain: 0 })
    const [item] = await arrivedFor(invitation!.recipient)
    const mail = await database.inWorkspace(workspaceId, (tx) => readMailbox(tx, item!.mailId))
    const header = (name: string) =>
      mail.headers.find((each) => each.name.toLowerCase() === name.toLowerCase())?.value
    expect(mail.subject).toBe('How was our visit?')
    expect(header('List-Unsubscribe')).toBe(`<https://feedback.example.org/u/${invitation!.token}>`)
    expect(header('List-Unsubscribe-Post')).toBe('List-Unsubscribe=One-Click')
    expect(header('X-Samklang-Workspace')).toBe(workspaceId)
    expect(header('Message-ID')).toMatch(/^<[0-9a-f-]{36}@feedback\.example\.org>$/)
    for (let score = 0; score <= 10; score++) {
      expect(mail.html).toContain(
        `https://feedback.example.org/s/${invitation!.token}?q=recommend&amp;a=${score}"`,
      )
    }
    expect(mail.html).toContain('heat pump &lt;b&gt;&quot;X&quot;&lt;/b&gt;')
    expect(mail.html).not.toContain('<b>"X"')
    expect(mail.text).toContain('heat pump <b>"X"</b>')
    expect(mail.text).toContain(`https://feedback.example.org/s/${invitation!.token}\n`)
    expect(mail.html + mail.text!).not.toMatch(/%%|\{visit/)
    expect(await states([invitation!.invitationId])).toEqual([
      { message: 'sent', invitation: 'sent', sentAt: start },
    ])
  })

  it('speaks the language of the invitation', async () => {
    const [invitation] = await queued([2], { language: 'nb' })
    await deliverMessages(partsFor(mailerTo(transport)), workspaceId)
    const [item] = await arrivedFor(invitation!.recipient)
    expect(item!.subject).toBe('Hvordan var besøket vårt?')
    const mail = await database.inWorkspace(workspaceId, (tx) => readMailbox(tx, item!.mailId))
    expect(mail.text).toContain('Ikke spør meg igjen')
  })

  it('is queued and sent once, however often it is queued and delivered', async () => {
    const [invitation] = await queued([3])
    const message = {
      kind: 'invitation' as const,
      aboutId: invitation!.invitationId,
      recipient: invitation!.recipient,
    }
    await database.inWorkspace(workspaceId, (tx) => queueMessages(tx, { announce, clock }, [message]))
    const parts = partsFor(mailerTo(transport))
    await Promise.all([deliverMessages(parts, workspaceId), deliverMessages(parts, workspaceId)])
    await deliverMessages(parts, workspaceId)
    expect(await arrivedFor(invitation!.recipient)).toHaveLength(1)
  })

  it('is not sent to somebody who has unsubscribed meanwhile', async () => {
    const [invitation] = await queued([4])
    await database.inWorkspace(workspaceId, (tx) =>
      tx.query('update contacts set unsubscribed_at = $1 where contact_key = $2', [start, 'c4']),
    )
    await deliverMessages(partsFor(mailerTo(transport)), workspaceId)
    expect(await arrivedFor(invitation!.recipient)).toHaveLength(0)
    expect(await states([invitation!.invitationId])).toMatchObject([
      { message: 'failed', invitation: 'withheld' },
    ])
  })
})

describe('an invitation whose mail is still waiting', () => {
  it.each([
    ['unsubscribed', 'update contacts set unsubscribed_at = now() where contact_id = $1'],
    ['answeredElsewhere', 'update invitations set answered_by = $1 where contact_id = $1'],
  ])('is withheld, and its decision says %s', async (reason, sql) => {
    const [{ invitationId, recipient }] = (await queued([reason.length * 10])) as [ExampleInvitation]
    await database.inWorkspace(workspaceId, async (tx) => {
      await tx.query(
        `insert into decisions (workspace_id, decision_id, trigger, survey, decided_at, due_at, outcome, version)
         values ($1, $2, 'afterVisit', 'visit', $3, $3, 'invited', 'v1')`,
        [workspaceId, invitationId, start],
      )
      const [found] = await tx.query<{ contact: string }>(
        'select contact_id as contact from invitations where invitation_id = $1',
        [invitationId],
      )
      await tx.query(sql, [found!.contact])
    })
    await deliverMessages(partsFor(mailerTo(transport)), workspaceId)
    expect(await arrivedFor(recipient)).toHaveLength(0)
    expect(await states([invitationId])).toMatchObject([{ message: 'failed', invitation: 'withheld' }])
    const told = await database.inWorkspace(workspaceId, (tx) =>
      tx.query(
        'select outcome, reason, o.kind from decisions left join outbox o on o.key = decision_id where decision_id = $1',
        [invitationId],
      ),
    )
    expect(told).toEqual([{ outcome: 'withheld', reason, kind: 'decision' }])
  })
})

describe('the mail of a case', () => {
  it("tells the manager, in the manager's language, what was answered and where to go on", async () => {
    const caseId = stableId('case', '1')
    await database.inWorkspace(workspaceId, async (tx) => {
      await tx.query(
        `insert into units (workspace_id, unit_key, level, name, path)
         values ($1, 'no-west', 'region', 'Norge Vest', '{no-west}')`,
        [workspaceId],
      )
      await tx.query(
        `insert into employees (workspace_id, employee_key, name, email, unit_key, role, language)
         values ($1, 'm1', 'Ola', 'ola@example.org', 'no-west', 'manager', 'nb')`,
        [workspaceId],
      )
      await tx.query(
        `insert into responses (workspace_id, response_id, survey, touchpoint, way_in, state, language, started_at,
           answered_at, answers, comment, context, version)
         values ($1, $2, 'visit', 'visit', 'survey', 'completed', 'en', $3, $3, '{"recommend": 2}', $4, '{}', 'v1')`,
        [workspaceId, caseId, start, `<img src=x onerror=alert(1)>\n${'long '.repeat(200)}`],
      )
      await tx.query(
        `insert into cases (workspace_id, case_id, rule, response_id, unit_key, state, opened_at, contact_due_at, version)
         values ($1, $2, 'unhappy', $2, 'no-west', 'open', $3, $4, 'v1')`,
        [workspaceId, caseId, start, new Date('2026-03-04T09:00:00Z')],
      )
      await tx.query('insert into case_deadlines (workspace_id, case_id) values ($1, $2)', [
        workspaceId,
        caseId,
      ])
      const message = { kind: 'case' as const, aboutId: caseId, recipient: 'ola@example.org' }
      await queueMessages(tx, { announce, clock }, [message])
    })
    expect(await deliverMessages(partsFor(mailerTo(transport)), workspaceId)).toMatchObject({ sent: 1 })
    const [item] = await arrivedFor('ola@example.org')
    const mail = await database.inWorkspace(workspaceId, (tx) => readMailbox(tx, item!.mailId))
    expect(mail.subject).toBe('En kunde trenger deg: 2/10, Norge Vest')
    expect(mail.html).toContain(`https://feedback.example.org/cases/${caseId}`)
    expect(mail.html).toContain('&lt;img src=x onerror=alert(1)&gt;<br>')
    expect(mail.html).not.toContain('<img src=x')
    // 48 hours after nine in the morning UTC, as the clock in Oslo shows it.
    expect(mail.text).toMatch(/4\. mars 2026.*10:00/)
    expect(mail.text).toContain('long …')
    expect(mail.text!.length).toBeLessThan(1200)
    expect(mail.headers.some((header) => header.name.toLowerCase() === 'list-unsubscribe')).toBe(false)
  })

  it('says to somebody without an account who can let them in, and to a member nothing of it', async () => {
    const mailed = async (occasion: string) => {
      await database.inWorkspace(workspaceId, (tx) =>
        queueMessages(tx, { announce, clock }, [
          { kind: 'case', aboutId: stableId('case', '1'), recipient: 'ola@example.org', occasion },
        ]),
      )
      expect(await deliverMessages(partsFor(mailerTo(transport)), workspaceId)).toMatchObject({ sent: 1 })
      const [item] = await arrivedFor('ola@example.org')
      const mail = await database.inWorkspace(workspaceId, (tx) => readMailbox(tx, item!.mailId))
      expect(mail.html?.includes('Medlemmer')).toBe(mail.text?.includes('Medlemmer'))
      return mail.text
    }
    const place = (email: string, role: 'admin' | 'viewer') =>
      placeMember(database, clock, workspaceId, { email, name: 'Anna' }, { role })
    await place('owner@samklang.invalid', 'admin')
    expect(await mailed('nobody')).toContain(
      'Du kan ikke logge inn ennå: en administrator kan legge til ola@example.org under Medlemmer.',
    )
    await place('anna@example.org', 'admin')
    expect(await mailed('anna')).toContain('Anna (anna@example.org) kan legge til ola@example.org')
    await place('Ola@example.org', 'viewer')
    expect(await mailed('member')).not.toContain('Medlemmer')
  })

  it('keeps the quiet hours of the clock it is delivered by, whoever used the mailer before', async () => {
    const quiet: Program = { ...exampleProgram, notify: { quietHours: { from: '20:00', to: '07:00' } } }
    const mailer = mailerTo(transport)
    const by = (time: string) => ({
      ...partsFor(mailer),
      clock: new VirtualClock(new Date(time)),
      programs: { version: async () => checked(quiet) },
    })
    const live = by('2026-11-22T23:00:00Z')
    const again = (occasion: string) =>
      database.inWorkspace(workspaceId, (tx) =>
        queueMessages(tx, { announce, clock }, [
          { kind: 'case', aboutId: stableId('case', '1'), recipient: 'ola@example.org', occasion },
        ]),
      )
    await again('live')
    expect(await deliverMessages(live, workspaceId)).toMatchObject({ sent: 0 })
    await again('by day')
    expect(await deliverMessages(by('2026-03-02T12:00:00Z'), workspaceId)).toMatchObject({ sent: 1 })
    await again('at night')
    const replayed = by('2026-03-02T22:00:00Z')
    expect(await deliverMessages(replayed, workspaceId)).toMatchObject({ sent: 0 })
    replayed.clock.moveTo(new Date('2026-03-03T06:00:00Z'))
    expect(await deliverMessages(replayed, workspaceId)).toMatchObject({ sent: 1 })
  })
})

describe('the process dies while mails are on their way', () => {
  const dies = new Error('the process died')

  it('and a mail that the mailbox holds is not sent again, one that it does not hold is', async () => {
    const [taken, lost] = await queued([11, 12])
    // The first mail reaches the mailbox; then nothing is marked any more, as when the process is killed.
    let reached = () => {}
    const taking = new Promise<void>((resolve) => {
      reached = resolve
    })
    const dying = partsFor(
      mailerTo({
        send: async (mail) => {
          if (mail.to === taken!.recipient) await transport.send(mail).then(reached)
          await taking
          throw dies
        },
        close: () => {},
      }),
    )
    await expect(deliverMessages(dying, workspaceId)).rejects.toThrow(dies)
    expect((await states([taken!.invitationId, lost!.invitationId])).map((row) => row.message)).toEqual([
      'sending',
      'sending',
    ])
    await deliverMessages(partsFor(mailerTo(transport)), workspaceId)
    expect(await arrivedFor(taken!.recipient)).toHaveLength(1)
    expect(await arrivedFor(lost!.recipient)).toHaveLength(1)
    expect((await states([taken!.invitationId, lost!.invitationId])).map((row) => row.message)).toEqual([
      'sent',
      'sent',
    ])
  })

  it('and with a foreign server it is listed as uncertain and left alone', async () => {
    const [invitation] = await queued([13])
    const dying = partsFor(mailerTo({ send: () => Promise.reject(dies), close: () => {} }, false))
    await expect(deliverMessages(dying, workspaceId)).rejects.toThrow(dies)
    const delivery = await deliverMessages(partsFor(mailerTo(transport, false)), workspaceId)
    expect(delivery).toEqual({ sent: 0, failed: 0, uncertain: 1 })
    expect(await arrivedFor(invitation!.recipient)).toHaveLength(0)
    expect(await states([invitation!.invitationId])).toMatchObject([
      { message: 'uncertain', invitation: 'uncertain' },
    ])
    const listed = await database.inWorkspace(workspaceId, listTroubledMessages)
    expect(listed.map((each) => each.recipient)).toContain(invitation!.recipient)
  })

  it('and another process that may still live is given its time', async () => {
    const [invitation] = await queued([14])
    const living = { ...mailerTo({ send: () => Promise.reject(dies), close: () => {} }), sole: false }
    await expect(deliverMessages(partsFor(living), workspaceId)).rejects.toThrow(dies)
    let now = new Date()
    const other = { ...mailerTo(transport), sole: false, leaseClock: { now: () => now } }
    announced.length = 0
    await deliverMessages(partsFor(other), workspaceId)
    expect(await arrivedFor(invitation!.recipient)).toHaveLength(0)
    expect(announced.map((each) => each.news.kind)).toEqual(['message.queued'])
    now = new Date(now.getTime() + 11 * 60_000)
    await deliverMessages(partsFor(other), workspaceId)
    expect(await arrivedFor(invitation!.recipient)).toHaveLength(1)
  })
})

describe('a mail server', () => {
  /** Speaks SMTP by a script: a reply to each command, or nothing more and the connection is cut. */
  async function server(replies: Record<string, string | null>): Promise<{ url: string; server: Server }> {
    const listening = createServer((socket) => {
      socket.on('error', () => {})
      socket.write('220 here\r\n')
      let inData = false
      let rest = ''
      socket.on('data', (chunk) => {
        rest += chunk.toString('latin1')
        if (inData) {
          if (!rest.includes('\r\n.\r\n')) return
          rest = ''
          inData = false
          const reply = replies['.']
          if (reply == null) socket.destroy()
          else socket.write(`${reply}\r\n`)
          return
        }
        for (const line of rest.split('\r\n').slice(0, -1)) {
          const command = Object.keys(replies).find((each) => line.toUpperCase().startsWith(each))
          if (line.toUpperCase() === 'DATA') inData = true
          socket.write(`${(command && replies[command]) ?? (inData ? '354 go on' : '250 ok')}\r\n`)
        }
        rest = rest.slice(rest.lastIndexOf('\r\n') + 2)
      })
    })
    await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve))
    return { url: `smtp://127.0.0.1:${(listening.address() as AddressInfo).port}`, server: listening }
  }

  const attempt = async (url: string, number: number) => {
    const to = openTransport(url, 2000)
    const [invitation] = await queued([number])
    const delivery = await deliverMessages(partsFor(mailerTo(to, false)), workspaceId)
    to.close()
    return { delivery, state: (await states([invitation!.invitationId]))[0]!, invitation: invitation! }
  }

  it('that refuses a recipient for good is believed', async () => {
    const { url, server: listening } = await server({ 'RCPT TO': '550 no such person' })
    const { delivery, state } = await attempt(url, 21)
    listening.close()
    expect(delivery.failed).toBe(1)
    expect(state).toMatchObject({ message: 'failed', invitation: 'failed' })
  })

  it('that cuts the connection after taking the mail leaves it uncertain', async () => {
    const { url, server: listening } = await server({ '.': null })
    const { state } = await attempt(url, 22)
    listening.close()
    expect(state).toMatchObject({ message: 'uncertain', invitation: 'uncertain' })
  })

  it('that is busy is asked again later, and gets the mail then', async () => {
    const { url, server: listening } = await server({ 'RCPT TO': '450 busy' })
    announced.length = 0
    const { state, invitation } = await attempt(url, 23)
    listening.close()
    expect(state).toMatchObject({ message: 'queued', invitation: 'sent' })
    expect(announced.at(-1)!.at).toEqual(new Date(clock.now().getTime() + 60_000))
    await deliverMessages(partsFor(mailerTo(transport)), workspaceId)
    expect(await arrivedFor(invitation.recipient)).toHaveLength(0)
    clock.moveTo(new Date(clock.now().getTime() + 60_000))
    await deliverMessages(partsFor(mailerTo(transport)), workspaceId)
    expect(await arrivedFor(invitation.recipient)).toHaveLength(1)
  })

  it('that is not there is asked again later', async () => {
    const { url, server: listening } = await server({})
    await new Promise((resolve) => listening.close(resolve))
    const { state } = await attempt(url, 24)
    expect(state).toMatchObject({ message: 'queued' })
  })
})

describe('the development mailbox', () => {
  it('takes no mail without a workspace', async () => {
    const fate = await transport.send({
      messageId: '<1@example.org>',
      from: 'a@example.org',
      to: 'b@example.org',
      subject: 'x',
      html: '<p>x</p>',
      text: 'x',
      headers: {},
    })
    expect(fate).toMatchObject({ fate: 'refused' })
  })
})
