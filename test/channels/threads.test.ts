import { createTransport, type SendMailOptions } from 'nodemailer'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { VirtualClock } from '../../src/base/clock.ts'
import { stableId } from '../../src/base/ids.ts'
import { createMailer, deliverMessages } from '../../src/channels/deliver.ts'
import { openInbound, recordInboundMail, takeReplies } from '../../src/channels/inbound.ts'
import { type Mailbox, openMailbox } from '../../src/channels/mailbox.ts'
import { listMailbox, readMailbox } from '../../src/channels/mailboxReading.ts'
import { withoutQuoted } from '../../src/channels/quoted.ts'
import { readReplyAddress, replyAddressOf } from '../../src/channels/replyAddress.ts'
import type { SmtpListener } from '../../src/channels/smtp.ts'
import {
  listCaseMails,
  listMailsAside,
  queueLetter,
  rawMail,
  settleMailAside,
} from '../../src/channels/threads.ts'
import { openTransport, type Transport } from '../../src/channels/transport.ts'
import type { News } from '../../src/storage/jobs.ts'
import type { Database } from '../../src/storage/postgres.ts'
import { checked, exampleProgram, openExample, start, workspaceId } from '../surveyExample.ts'

let database: Database
let clock: VirtualClock
let mailbox: Mailbox
let inbound: SmtpListener
let transport: Transport
const announced: News[] = []
const announce = async (_: unknown, news: News) => void announced.push(news)
const publicUrl = 'https://feedback.example.org'
const within = <T>(work: Parameters<typeof database.inWorkspace<T>>[1]) =>
  database.inWorkspace(workspaceId, work)

beforeAll(async () => {
  ;({ database, clock } = await openExample())
  const parts = { database, clock, announce }
  mailbox = await openMailbox(parts, 0, (mail) => takeReplies(parts, mail))
  inbound = await openInbound(parts, 0, '127.0.0.1')
  transport = openTransport(mailbox.url)
})
afterAll(async () => {
  transport.close()
  await mailbox.close()
  await inbound.close()
  await database.close()
})

let made = 0
async function newCase(): Promise<string> {
  const caseId = stableId('case', 'thread', String(++made))
  await within(async (tx) => {
    await tx.query(
      `insert into responses (workspace_id, response_id, survey, touchpoint, way_in, state, language, started_at,
         answered_at, answers, context, version)
       values ($1, $2, 'visit', 'visit', 'survey', 'completed', 'nb', $3, $3, '{}', '{}', 'v1')`,
      [workspaceId, caseId, start],
    )
    await tx.query(
      `insert into cases (workspace_id, case_id, rule, response_id, state, opened_at, contact_due_at, version)
       values ($1, $2, 'unhappy', $2, 'open', $3, $3, 'v1')`,
      [workspaceId, caseId, start],
    )
    await tx.query('insert into case_deadlines (workspace_id, case_id) values ($1, $2)', [
      workspaceId,
      caseId,
    ])
  })
  return caseId
}

const deliver = () =>
  deliverMessages(
    {
      database,
      clock,
      announce,
      programs: { version: async () => checked(exampleProgram) },
      publicUrl,
      mailer: createMailer({
        transport,
        toMailbox: true,
        mailFrom: 'Nordkyst <feedback@example.org>',
        replyTo: 'Answers <reply@example.org>',
        sole: true,
      }),
    },
    workspaceId,
  )

/** A letter as the customer finds it. */
async function letter(caseId: string, to: string) {
  await within((tx) =>
    queueLetter(
      tx,
      { clock, announce, publicUrl },
      {
        caseId,
        to,
        subject: 'About your visit',
        body: 'Dear Kari,\n\nwe are <sorry>.',
        language: 'nb',
        from: 'Ola Nordmann',
        actor: { id: 'e1', name: 'Ola Nordmann' },
      },
    ),
  )
  expect(await deliver()).toMatchObject({ sent: 1 })
  const { items } = await within((tx) => listMailbox(tx, { limit: 1 }))
  const mail = await within((tx) => readMailbox(tx, items[0]!.mailId))
  const header = (name: string) =>
    mail.headers.find((each) => each.name.toLowerCase() === name.toLowerCase())?.value ?? ''
  return { mail, header, replyTo: header('Reply-To'), messageId: mail.messageId }
}

async function answer(to: string, more: SendMailOptions = {}, url = mailbox.url) {
  const client = createTransport({ url })
  try {
    return await client.sendMail({
      from: 'Kari <kari@example.no>',
      to,
      subject: 'Re: About your visit',
      text: 'Thank you, it is solved.\n\nDen 2. mars 2026 kl. 10:00 skrev Ola Nordmann:\n> Dear Kari,\n> we are sorry',
      ...more,
    })
  } finally {
    client.close()
  }
}
const mailsOf = (caseId: string) => within((tx) => listCaseMails(tx, caseId))
const aside = () => within(async (tx) => (await listMailsAside(tx, {}, { limit: 200 })).items)

describe('a letter on a case', () => {
  it('that is answered from another address than it went to is marked so', async () => {
    const caseId = await newCase()
    const { replyTo } = await letter(caseId, 'kari@example.no')
    for (const from of ['Kari <KARI@example.no>', 'Kari <mallory@example.net>'])
      await answer(replyTo, { from })
    const marked = (await mailsOf(caseId)).map(({ sender, otherSender }) => [sender, otherSender])
    expect(Object.fromEntries(marked)).toEqual({
      'Ola Nordmann': false,
      'KARI@example.no': false,
      'mallory@example.net': true,
    })
  })

  it('goes out from who signs it, and the answer comes back to the case, once', async () => {
    const caseId = await newCase()
    const sent = await letter(caseId, 'kari@example.no')
    expect(sent.mail.sender).toBe('feedback@example.org')
    expect(sent.header('From')).toContain('Ola Nordmann')
    expect(sent.mail.html).toContain('we are &lt;sorry&gt;.')
    expect(sent.header('Auto-Submitted')).toBe('')
    expect(sent.replyTo).toMatch(/^reply\+[a-z2-7]{26}\.[a-z2-7]{16}@example\.org$/)
    announced.length = 0
    const messageId = '<kari-1@example.no>'
    const attachments = [{ filename: 'bilde.png', content: Buffer.alloc(2000), contentType: 'image/png' }]
    await answer(sent.replyTo, { messageId, inReplyTo: sent.messageId, attachments })
    await answer(sent.replyTo, { messageId, inReplyTo: sent.messageId, attachments })
    const [out, back, ...more] = await mailsOf(caseId)
    expect(more).toEqual([])
    expect(out).toMatchObject({ direction: 'out', state: 'sent', actor: 'e1' })
    expect(back).toMatchObject({
      direction: 'in',
      sender: 'kari@example.no',
      text: 'Thank you, it is solved.',
      automatic: false,
      otherSender: false,
      attachments: [{ name: 'bilde.png', type: 'image/png', size: 2000 }],
    })
    expect(announced).toEqual([
      { kind: 'mail.received', workspaceId, mailIds: [back!.mailId], caseIds: [caseId] },
    ])
    const raw = await within((tx) => rawMail(tx, back!.mailId, {}))
    expect(raw.toString()).toContain('> we are sorry')

    const again = await letter(caseId, 'kari@example.no')
    expect(again.header('In-Reply-To')).toBe(messageId)
    expect(again.header('References')).toBe(`${sent.messageId} ${messageId}`)
  })

  it('is answered through a mail server’s listener, which turns away who answers nothing', async () => {
    const caseId = await newCase()
    const { replyTo } = await letter(caseId, 'kari@example.no')
    await answer(replyTo.toUpperCase().replace('EXAMPLE.ORG', 'example.org'), {}, inbound.url)
    expect(await mailsOf(caseId)).toHaveLength(2)
    await expect(answer('somebody@example.org', {}, inbound.url)).rejects.toThrow('550')
    const nowhere = replyAddressOf('reply@example.org', 'key', stableId('case', 'nowhere'))
    await expect(answer(nowhere, {}, inbound.url)).rejects.toThrow('550')
    await expect(answer(nowhere)).rejects.toThrow('550')
  })
})

describe('an answer that is false', () => {
  it('is kept aside and never stands on the case, until a person puts it there', async () => {
    const caseId = await newCase()
    const { replyTo } = await letter(caseId, 'kari@example.no')
    const forged = replyTo.replace(/\.[a-z2-7]{16}@/, '.aaaaaaaaaaaaaaaa@')
    const messageId = '<forged-1@example.no>'
    announced.length = 0
    await answer(forged, { messageId, text: 'Pay me' })
    expect(announced).toEqual([])
    expect(await mailsOf(caseId)).toHaveLength(1)
    const [kept] = await aside()
    expect(kept).toMatchObject({ caseId, aside: 'forged', text: 'Pay me' })
    // The true one is not kept out by a false one that came first.
    await answer(replyTo, { messageId, text: 'Do not pay' })
    expect((await mailsOf(caseId)).map(({ text }) => text)).toContain('Do not pay')
    const by = { id: 'lead', scope: {} }
    await within((tx) => settleMailAside(tx, { clock, announce }, kept!.mailId, 'accepted', by))
    expect(await mailsOf(caseId)).toHaveLength(3)
    expect(await aside()).toEqual([])
    const again = within((tx) => settleMailAside(tx, { clock, announce }, kept!.mailId, 'discarded', by))
    await expect(again).rejects.toMatchObject({ code: 'thing.unknown' })
  })

  it('cannot be made for one case out of the address of another', async () => {
    const [one, two] = [await newCase(), await newCase()]
    const first = (await letter(one, 'kari@example.no')).replyTo
    const second = (await letter(two, 'kari@example.no')).replyTo
    const mixed = second.replace(/\.[a-z2-7]{16}@/, `${/\.[a-z2-7]{16}@/.exec(first)![0]}`)
    expect(readReplyAddress(mixed)!.caseId).toBe(two)
    await answer(mixed)
    expect(await mailsOf(two)).toHaveLength(1)
  })
})

describe('a loop', () => {
  it('of absence notes stands on the case as automatic, and is marked so', async () => {
    const caseId = await newCase()
    const { replyTo } = await letter(caseId, 'kari@example.no')
    const automatic: SendMailOptions[] = [
      { headers: { 'Auto-Submitted': 'auto-replied' } },
      { headers: { Precedence: 'bulk' } },
      { headers: { 'X-Auto-Response-Suppress': 'All' } },
      { envelope: { from: '', to: replyTo } },
    ]
    for (const more of automatic) await answer(replyTo, more)
    await answer(replyTo, { headers: { 'Auto-Submitted': 'no' } })
    const mails = (await mailsOf(caseId)).filter(({ direction }) => direction === 'in')
    expect(mails.map((mail) => mail.automatic).sort()).toEqual([false, true, true, true, true])
  })

  it('in which our own letter comes back, or two systems answer each other, ends', async () => {
    const caseId = await newCase()
    const sent = await letter(caseId, 'kari@example.no')
    await answer(sent.replyTo, { messageId: sent.messageId })
    expect((await aside()).map((mail) => mail.aside)).toContain('loop')
    for (let number = 0; number < 30; number++) await answer(sent.replyTo)
    const mails = await mailsOf(caseId)
    // The one that came back fills no place of a customer's.
    expect(mails.filter(({ direction }) => direction === 'in')).toHaveLength(20)
    expect((await aside()).filter((mail) => mail.aside === 'tooMany')).toHaveLength(10)
    clock.moveTo(new Date(clock.now().getTime() + 3_700_000))
    await answer(sent.replyTo, { text: 'An hour later' })
    expect((await mailsOf(caseId)).at(-1)!.text).toBe('An hour later')
  })

  it('of a machine that answers everything ends, and shuts the customer out as little as our own letters do', async () => {
    const caseId = await newCase()
    const sent = await letter(caseId, 'kari@example.no')
    const machine = { headers: { 'Auto-Submitted': 'auto-replied' } }
    for (let number = 0; number < 22; number++) await answer(sent.replyTo, machine)
    for (let number = 0; number < 21; number++)
      await answer(sent.replyTo, { envelope: { from: sent.replyTo, to: sent.replyTo } })
    const ofCase = (await aside()).filter((mail) => mail.caseId === caseId)
    expect(ofCase.filter((mail) => mail.aside === 'tooMany')).toHaveLength(2)
    expect(ofCase.filter((mail) => mail.aside === 'loop')).toHaveLength(21)
    await answer(sent.replyTo, { text: 'It is me' })
    const mails = (await mailsOf(caseId)).filter(({ direction }) => direction === 'in')
    expect(mails.filter(({ automatic }) => automatic)).toHaveLength(20)
    expect(mails.filter(({ automatic }) => !automatic).map(({ text }) => text)).toEqual(['It is me'])
  })

  it('of forged answers does not keep out the customer', async () => {
    const caseId = await newCase()
    const { replyTo } = await letter(caseId, 'kari@example.no')
    const forged = replyTo.replace(/[a-z2-7]{16}@/, 'aaaaaaaaaaaaaaaa@')
    for (let number = 0; number < 25; number++) await answer(forged)
    await answer(replyTo, { text: 'It is me' })
    expect((await mailsOf(caseId)).map(({ text }) => text)).toContain('It is me')
  })

  it('in which a mail comes from our own address is kept aside, whatever it is called', async () => {
    const caseId = await newCase()
    const { replyTo } = await letter(caseId, 'kari@example.no')
    const raw = (from: string, id: string) =>
      Buffer.from(`From: ${from}\r\nTo: ${replyTo}\r\nMessage-ID: <${id}@x>\r\nSubject: Re\r\n\r\nHello\r\n`)
    const parts = { database, clock, announce, ownSender: 'Nordkyst <feedback@example.org>' }
    const take = (from: string, header: string, id: string) =>
      recordInboundMail(parts, { from, to: replyTo, raw: raw(header, id) })
    expect(await take('Feedback@example.org', 'Kari <kari@example.no>', '1')).toMatchObject({ aside: 'loop' })
    expect(await take('kari@example.no', 'X <feedback@example.org>', '2')).toMatchObject({ aside: 'loop' })
    expect(await take('kari@example.no', 'Kari <kari@example.no>', '3')).toMatchObject({ aside: null })
  })

  it('in which the customer’s address is a reply address ends with the first letter', async () => {
    const caseId = await newCase()
    const { replyTo } = await letter(caseId, 'kari@example.no')
    await letter(caseId, replyTo)
    expect((await mailsOf(caseId)).filter(({ direction }) => direction === 'in')).toEqual([])
    expect((await aside()).filter((mail) => mail.caseId === caseId).map((mail) => mail.aside)).toEqual([
      'loop',
    ])
  })
})

describe('what an answer quotes is left out', () => {
  const answers: Array<[string, string, string]> = [
    [
      'below, in Swedish',
      'Tack!\n\nDen mån 2 mars 2026 kl 10:00 skrev Ola <ola@example.org>:\n\n> Hej\n> du',
      'Tack!',
    ],
    [
      'below, broken over lines',
      'Thanks.\n\nOn Mon, 2 Mar 2026 at 10:00, Ola Nordmann\n<ola@example.org> wrote:\n> Hi',
      'Thanks.',
    ],
    [
      'below, as Outlook does',
      'Takk.\n\nFra: Ola <ola@example.org>\nSendt: mandag 2. mars\nTil: Kari\nEmne: Hei\n\nHei Kari',
      'Takk.',
    ],
    ['below a line', 'Hej\n\n-----Ursprungligt meddelande-----\nFrån: Ola', 'Hej'],
    ['between', 'On Monday Ola wrote:\n> When?\nAt ten.\n> Where?\nHere.', 'At ten.\nHere.'],
    [
      'of which there is nothing',
      'I said to Ola: wrote it down.\nFrom: here to there',
      'I said to Ola: wrote it down.\nFrom: here to there',
    ],
    ['when it is all there is', '> only a quote', '> only a quote'],
  ]
  for (const [how, whole, own] of answers) it(how, () => expect(withoutQuoted(whole)).toBe(own))
})

describe('a letter is read', () => {
  /** What stands on the case of a mail whose header and body, in these bytes, come in. */
  async function read(header: string, body: Buffer): Promise<string> {
    const caseId = await newCase()
    const { replyTo } = await letter(caseId, 'kari@example.no')
    const raw = Buffer.concat([
      Buffer.from(`From: kari@example.no\r\nTo: ${replyTo}\r\nMessage-ID: <${caseId}@x>\r\n${header}\r\n`),
      body,
    ])
    await recordInboundMail({ database, clock, announce }, { from: 'kari@example.no', to: replyTo, raw })
    return (await mailsOf(caseId)).at(-1)!.text
  }
  const html = (body: string) =>
    read('Content-Type: text/html; charset=utf-8\r\n', Buffer.from(`<html><body>${body}</body></html>`))

  it('in HTML with its characters by name and number', async () => {
    expect(
      await html(
        '<p>Vi er p&aring; hytta, bl&aring;b&aelig;r &ndash; 500&nbsp;kr &#229;&#xE5; &euro;&amp;lt;</p>',
      ),
    ).toBe('Vi er på hytta, blåbær – 500 kr åå €&lt;')
  })

  it('in HTML with its lists, tables and lines', async () => {
    const list = '<ol start=3><li>Tre<li><p>Fire</p><ul><li>a</li></ul></ol>'
    const table =
      '<table><tr><td><p class=MsoNormal>Dag</p></td><td>Bel&oslash;p</td></tr><tr><td>man</td><td></td><td>5</td></tr></table>'
    const layout = '<table><tr><td>En<br>to</td><td>tre</td></tr></table>'
    const lines = '<div>Hei</div><div><br></div><p class=MsoNormal>en\n linje</p><p class=MsoNormal>to</p>'
    expect(
      await html(`<style>p { margin: 0 }</style>${lines}<!-- x -->${list}${table}${layout}<pre>a\n  b</pre>`),
    ).toBe(
      ['Hei\n\nen linje\nto\n3. Tre\n4. Fire\n  - a', 'Dag | Beløp\nman | 5\nEn\nto\ntre\na\n  b'].join('\n'),
    )
  })

  it('in HTML without what it quotes, as mail programs mark it', async () => {
    const quotes = [
      '<div>Takk!</div><div class="gmail_quote"><div class="gmail_attr">Am Montag schrieb Ola:<br></div><blockquote class="gmail_quote">Kj&aelig;re<p>Kari</p></blockquote></div>',
      '<p class=MsoNormal>Takk!</p><div id="appendonsend"></div><hr><div id="divRplyFwdMsg"><b>Von:</b> Ola<br></div><div>Kj&aelig;re Kari</div>',
      '<p class=MsoNormal>Takk!<o:p></o:p></p><div style="border-top:solid"><p class=MsoNormal><b>Fr&aring;n:</b> Ola &lt;ola@x.se&gt;<br><b>Skickat:</b> den 2 mars</p></div><p>Hej</p>',
      'Takk!<div><br></div><blockquote type="cite"><div>Kj&aelig;re</div><div>Kari</div></blockquote>',
      '<div class="moz-cite-prefix">On 2 March Ola wrote:<br></div><blockquote>When?</blockquote><p>Takk!</p>',
    ]
    for (const quote of quotes) expect(await html(quote)).toBe('Takk!')
  })

  it('in HTML that never ends, soon', async () => {
    expect(await html(`Hei${'<b><div>'.repeat(300_000)}`)).toBe('Hei')
    expect(await html(`Hei${'<style>'.repeat(300_000)}`)).toBe('Hei')
  })

  const text = 'Jag är missnöjd.\r\n\r\nDen mån 2 mars 2026 kl 10:00 skrev Ola på Nordkyst:\r\n\r\n> Hej\r\n'
  const plain = (charset: string) =>
    `Content-Type: text/plain${charset}\r\nContent-Transfer-Encoding: 8bit\r\n`
  it('in the characters its bytes are in where it does not say which, or nobody knows them', async () => {
    const qp = `Content-Type: text/plain; charset=x-unknown;\r\n format=flowed\r\nContent-Transfer-Encoding: quoted-printable\r\n`
    const unsaid = [
      plain('; charset=unknown-8bit'),
      plain('; charset="no such"'),
      plain('; format=flowed'),
      plain('; charset=us-ascii'),
      'X-Other: 1\r\n',
    ]
    for (const header of unsaid) {
      expect(await read(header, Buffer.from(text))).toBe('Jag är missnöjd.')
      expect(await read(header, Buffer.from(text, 'latin1'))).toBe('Jag är missnöjd.')
    }
    expect(await read(qp, Buffer.from('Jag =C3=A4r miss=\r\nn=C3=B6jd.'))).toBe('Jag är missnöjd.')
    expect(await read(qp, Buffer.from('Jag =E4r miss=\r\nn=F6jd.'))).toBe('Jag är missnöjd.')
  })

  it('so in each of its parts, and as it says where that is known', async () => {
    const part = (type: string, body: string, encoding: BufferEncoding) =>
      Buffer.concat([Buffer.from(`--b-1\r\n${type}\r\n\r\n`), Buffer.from(`${body}\r\n`, encoding)])
    const body = Buffer.concat([
      part('Content-Type: text/plain', 'Jag är', 'utf8'),
      part('Content-Type: text/plain; charset=iso-8859-1', 'Ã¤r så', 'latin1'),
      part('Content-Type: text/plain; charset=nothing', 'på ö', 'latin1'),
      Buffer.from('--b-1--\r\n'),
    ])
    const shown = await read('Content-Type: multipart/mixed;\r\n boundary="b-1"\r\n', body)
    expect(shown.split(/\n+/)).toEqual(['Jag är', 'Ã¤r så', 'på ö'])
  })
})
