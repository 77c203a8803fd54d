import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { call, launch, type Running, signedIn, startProduct } from './process.ts'

// What the CX lead does with the loop: reads its numbers and goes to the cases behind, reads the trial, mends causes and
// tells customers, agrees on a plan, lets criticism out, counts what promoters brought; and the admin tells others.
let product: Running
let browser: Browser
let admin: Page
let lead: Page
let receiver: Server
const received: { id: string; signature: string }[] = []
const complaints: string[] = []

// Nearly every lot says at once, so that no case of these tests waits. Who would never come back is to be called within
// a second, which nobody does.
const program = readFileSync(resolve(import.meta.dirname, '../../programs/quicksearch/program.yaml'), 'utf8')
  .replace(
    '\nrecovery:\n',
    `
recovery:
  trial: { id: wait, rules: [lateDelivery], share: 0.000001, delay: P7D, stop: { cases: 400, at: "2099-01-31", harm: 5 } }
`,
  )
  .replace(
    '\n  rules:\n    - id: keyAccount\n',
    `
  rules:
    - id: lost
      when: response.survey == 'delivery' && answers.recommend == 0
      firstContact: PT1S
      owner: [roundRobin.agent]
    - id: keyAccount
`,
  )
const outer = `
samklang: 1
notify:
  praise: { when: "response.survey == 'delivery' && answers.recommend >= 9" }
  criticism: { when: "response.survey == 'delivery' && answers.recommend <= 6" }
  praiseFirst: { until: released }
promoters:
  rules:
    - { id: thank, when: "response.survey == 'delivery' && answers.recommend == 9", do: thanks, template: thanks }
    - { id: refer, when: "response.survey == 'delivery' && answers.recommend == 10", do: referral, template: thanks, url: "https://rumsro.example" }
    - { id: more, when: "response.survey == 'delivery' && answers.recommend == 10", do: upsell, to: [accountOwner] }
  templates:
    thanks: { subject: { en: Thank you, sv: Tack }, body: { en: We are glad., sv: Vi är glada. } }
`

const customers = [
  { id: 'a', region: 'north', answers: { recommend: 2, about: ['time'], comment: 'A week late.' } },
  { id: 'b', region: 'south', answers: { recommend: 3, about: ['time'], comment: 'Nobody came.' } },
  { id: 'c', region: 'north', answers: { recommend: 10, comment: 'Friendly people.' } },
  { id: 'f', region: 'south', answers: { recommend: 9, comment: 'Came early.' } },
  // Nobody can write to this one.
  {
    id: 'd',
    region: 'south',
    email: null,
    answers: { recommend: 1, about: ['time'], comment: 'Late again.' },
  },
]

function eventsOf({ id, region, ...more }: (typeof customers)[number]) {
  const now = new Date().toISOString()
  const email = 'email' in more ? {} : { email: `${id}@kund.example` }
  const contact = { id, name: `Customer ${id}`, role: 'buyer', ...email }
  const account = { id: `account-${id}`, name: `Company ${id}`, owner: 'key1', revenue: 1000 }
  const event = (type: string, order: object) => ({
    ...{ specversion: '1.0', id: `${id}-${type}`, source: 'orders', type, time: now },
    data: { contact, account, region, employee: 'n2', order: { id: `o-${id}`, ...order } },
  })
  return [
    event('order.placed', { kind: 'goods', product: 'chairs', placedAt: now, promisedAt: now, amount: 1000 }),
    event('order.delivered', { deliveredAt: now }),
  ]
}

beforeAll(async () => {
  receiver = createServer((request, response) => {
    received.push({
      id: String(request.headers['webhook-id']),
      signature: String(request.headers['webhook-signature']),
    })
    response.end()
  })
  await new Promise<void>((done) => receiver.listen(0, '127.0.0.1', done))
  ;[product, browser] = await Promise.all([startProduct({ SAMKLANG_PRIVATE_HOOKS: 'true' }), launch()])
  admin = await signedIn(browser, product.link, complaints)
  await call(admin, '/v1/workspaces', 'POST', { name: 'Rumsro' })
  const files = [
    { path: 'program.yaml', text: program },
    { path: 'outer.yaml', text: outer },
  ]
  await call(admin, '/v1/program', 'PUT', { files })
  for (const event of customers.flatMap(eventsOf)) await call(admin, '/v1/events', 'POST', event)
  const given = customers.map(({ id, answers }) => ({
    ...{ source: 'test', externalId: `answer-${id}`, survey: 'delivery', contactKey: id, answers },
    ...{ transaction: { type: 'order', key: `o-${id}` }, answeredAt: new Date().toISOString() },
  }))
  await call(admin, '/v1/responses', 'POST', given)
  const { link } = await call<{ link: string }>(admin, '/v1/members', 'POST', {
    email: 'cx@rumsro.example',
    ...{ role: 'cxLead', employeeKey: 'cx' },
  })
  lead = await signedIn(browser, link, complaints)
  const cases = () => call<{ items: { caseId: string; revision: number }[] }>(lead, '/v1/cases')
  await vi.waitFor(async () => expect((await cases()).items.length).toBe(3), {
    timeout: 20_000,
    interval: 200,
  })
  const [first] = (await cases()).items
  await call(lead, `/v1/cases/${first?.caseId}/contact`, 'POST', {
    ...{ revision: first?.revision, channel: 'phone' },
  })
}, 180_000)

afterAll(async () => {
  await browser?.close()
  await product?.stop()
  receiver?.close()
})

const patience = { timeout: 15_000 }
const go = async (page: Page, path: string) => {
  await page.goto(`${product.address}${path}`)
  await page.locator('h1').waitFor()
}

const settled = (page: Page) => expect.poll(() => page.locator('.waiting').count(), patience).toBe(0)

async function faultsOf(page: Page): Promise<string[]> {
  await settled(page)
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
    .analyze()
  return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 160)}`)
}

describe('while only the good goes out', () => {
  const praiseOf = async (email: string, role: string, employeeKey: string) => {
    const { link } = await call<{ link: string }>(admin, '/v1/members', 'POST', {
      ...{ email, role, employeeKey, unitKey: 'north' },
    })
    const page = await signedIn(browser, link, complaints)
    await go(page, '/praise')
    await page.locator('.praise-list a').first().waitFor()
    return page
  }

  it('an employee hears the praise, and not that anything is held back', async () => {
    const page = await praiseOf('hanna@rumsro.example', 'employee', 'n2')
    await page.getByText('Friendly people.').waitFor()
    expect(await page.locator('main').textContent()).not.toMatch(/A week late|Held|held|Only the good/)
    await page.context().close()
  })

  it('their manager reads what is held of their own region, and cannot let it out', async () => {
    const page = await praiseOf('pernilla@rumsro.example', 'unitManager', 'northHead')
    await page.getByRole('heading', { name: 'Only the good goes out' }).waitFor()
    const held = page.locator('.praise-list a').filter({ hasText: 'A week late.' })
    expect(await held.textContent()).toContain('Held: only the good goes out at first')
    await page.getByText('1 held.').waitFor()
    expect(await page.getByText('Nobody came.').count()).toBe(0)
    expect(await page.getByRole('button', { name: /^Send|^Let criticism out/ }).count()).toBe(0)
    await page.context().close()
  })
})

describe('the CX lead', () => {
  it('reads the loop against its targets, by region, and opens a number in Explore', async () => {
    await go(lead, '/loop')
    const target = lead.getByRole('region', { name: 'First contact within 48 hours' })
    await target.getByText('Met so far, cannot tell for certain').waitFor()
    expect(await target.locator('.num').textContent()).toMatch(/^100 %n 1$/)
    await lead.getByRole('combobox', { name: 'Group by group, by' }).click()
    await lead.getByRole('option', { name: 'Unit: Region' }).click()
    const north = lead.getByRole('row', { name: /^Norr/ })
    await north.waitFor()
    expect(await faultsOf(lead)).toEqual([])
    await lead.getByText('Selection-biased').waitFor()
    await lead.getByText('How these numbers are made').click()
    await lead.getByText(/^GET \/v1\/loop\/payoff\?window=P1Y/).waitFor()
    await lead.getByRole('link', { name: 'Open Contacted within the time promised in Explore' }).click()
    await lead.waitForURL(/explore\?ask=/)
    expect(JSON.parse(new URL(lead.url()).searchParams.get('ask') ?? '{}').metric).toBe('contactedInTime')
  })

  it('reads a target by its name; whom it is about is written out for whoever asks', async () => {
    await go(lead, '/loop')
    const target = lead.getByRole('region', { name: 'A-customers in time' })
    const condition = target.getByText("account.class == 'A'")
    await condition.waitFor({ state: 'attached' })
    expect(await condition.isVisible()).toBe(false)
    await target.getByText('Some, by a condition').click()
    await condition.waitFor()
  })

  it('has all numbers of the loop within sight on a phone', async () => {
    const phone = await lead.context().newPage()
    await phone.setViewportSize({ width: 390, height: 844 })
    for (const path of ['/loop', '/promoters']) {
      await go(phone, path)
      await phone.locator('.table-scroll').first().waitFor()
      await settled(phone)
      const beyond = await phone
        .locator('.table-scroll')
        .evaluateAll((tables) =>
          tables
            .filter((table) => table.scrollWidth > table.clientWidth)
            .map((table) => table.getAttribute('aria-label')),
        )
      expect(beyond).toEqual([])
    }
    await phone.close()
  })

  it('sees on the overview whom nobody has reached, and not who was called', async () => {
    await go(lead, '/')
    const card = lead.getByRole('region', { name: 'Cases that cannot wait' })
    await card
      .getByText(/\d+ h left$/)
      .first()
      .waitFor()
    expect(await card.locator('a.case').count()).toBe(2)
    // As high as its rows, whatever stands beside it.
    await lead.getByRole('link', { name: 'All comments' }).waitFor()
    const empty = await card.evaluate(
      (box) =>
        box.getBoundingClientRect().bottom - (box.lastElementChild?.getBoundingClientRect().bottom ?? 0),
    )
    expect(empty).toBeLessThan(40)
  })

  it('reads how the trial stands, by which rules it stops, and that nothing can be told yet', async () => {
    await go(lead, '/loop')
    const trial = lead.locator('section').filter({ hasText: 'By lot, free of selection' })
    await trial.getByText('3 cases of 3 customers').waitFor()
    await trial.getByText('when 400 cases take part (so far 3)').waitFor()
    await trial.getByText('when 5 points more of those who wait leave, for certain').waitFor()
    await trial.getByText('Too early to compare').waitFor()
  })

  it('goes from a group of the loop to its cases, and from one to all that is known of the customer', async () => {
    await go(lead, '/loop?by=unit.region')
    await lead.getByRole('row', { name: /^Norr/ }).getByRole('link', { name: 'Norr', exact: true }).click()
    await lead.getByRole('button', { name: 'Remove the filter Norr' }).waitFor()
    await expect.poll(() => lead.locator('[data-list] a').count(), patience).toBe(1)
    await lead.locator('[data-list] a').click()
    await lead.getByRole('link', { name: 'Open the customer' }).click()
    await lead.getByRole('heading', { name: 'Customer a' }).waitFor()
    await lead.locator('.timeline').getByText('A week late.').waitFor()
    await lead.goBack()
    await lead.getByRole('button', { name: 'Remove the filter Norr' }).click()
    await expect.poll(() => lead.locator('[data-list] a').count(), patience).toBe(3)
  })

  it('proposes an improvement from a case, and has it decided and done', async () => {
    await go(lead, '/cases')
    await lead.locator('[data-list] a').first().click()
    await lead.getByRole('button', { name: 'Link to an improvement' }).click()
    await lead.getByRole('button', { name: 'Propose a new one' }).click()
    const form = lead.getByRole('form', { name: 'The improvement' })
    await form.getByLabel('What shall be better?').fill('Orders come on the day')
    await form.getByLabel('What is done about it').fill('A second carrier')
    await form.getByRole('combobox', { name: 'Owner' }).click()
    await lead.getByRole('option', { name: /Torbjörn Hag/ }).click()
    await form.getByRole('combobox', { name: 'Number it should move' }).click()
    await lead.getByRole('option', { name: 'NPS' }).click()
    await form.getByRole('button', { name: 'Propose' }).click()
    await lead.getByRole('link', { name: 'Orders come on the day' }).waitFor()
    // The others are tied to it together.
    await go(lead, '/cases')
    await expect.poll(() => lead.locator('[data-list] a').count(), patience).toBe(3)
    for (const box of await lead.getByRole('checkbox', { name: /^Select Customer/ }).all()) await box.check()
    await lead.getByRole('button', { name: 'Link to an improvement …' }).click()
    await lead.getByRole('dialog').getByRole('combobox', { name: 'Which improvement?' }).click()
    await lead.getByRole('option', { name: /^Orders come on the day/ }).click()
    await lead.getByRole('dialog').getByRole('button', { name: 'Link', exact: true }).click()
    await lead.getByRole('link', { name: 'Orders come on the day' }).click()
    await lead.waitForURL(/improvements\//)
    await expect.poll(() => lead.locator('.linked li').count(), patience).toBe(3)
    for (const [button, state] of [
      ['Decide', 'Decided'],
      ['Done', 'Done'],
    ] as const) {
      await lead.getByRole('button', { name: button, exact: true }).click()
      await lead.locator('.case-state').getByText(state, { exact: true }).waitFor()
    }
    await lead.getByText('Before and after: no proof of cause').waitFor()
    await lead.locator('table.effect').waitFor()
    const wide = lead.viewportSize() as { width: number; height: number }
    await lead.setViewportSize({ width: 390, height: 844 })
    expect(await lead.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBe(0)
    await lead.setViewportSize(wide)
    await settled(lead)
  })

  it('previews whom it concerns and who is left out, in every language, and tells them once', async () => {
    const form = lead.getByRole('form', { name: 'You said, we did' })
    await form.getByRole('combobox', { name: 'Answers about' }).click()
    await lead.getByRole('option', { name: 'Time of delivery' }).click()
    for (const language of ['Svenska', 'English']) {
      await form.getByText(language, { exact: true }).click()
      await form.getByLabel('You said').fill(`Late (${language})`)
      await form.getByLabel('We did').fill(`A second carrier for {{customer.name}} (${language})`)
    }
    await form.getByRole('button', { name: 'Save and preview' }).click()
    // Nobody whose own case is open hears how well it went.
    await lead.getByText('Not to 2: have an open case').waitFor()
    const open = await call<{ items: { caseId: string; revision: number; contact: { name: string } }[] }>(
      lead,
      '/v1/cases',
    )
    for (const { caseId, revision, contact } of open.items)
      if (contact.name !== 'Customer d')
        await call(lead, `/v1/cases/${caseId}/close`, 'POST', { revision, outcome: 'no answer' })
    await form.getByRole('button', { name: 'Save and preview' }).click()
    await lead.getByText('2 would get this mail now').waitFor()
    await lead.getByText('Not to 1: no address').waitFor()
    const mail = lead.locator('.mail-preview')
    await mail
      .getByText(
        /^We did\s*A second carrier for Customer [ab] \(|^Vi gjorde\s*A second carrier for Customer [ab] \(/,
      )
      .waitFor()
    await mail.getByText(/^As Customer [ab] reads it$/).waitFor()
    expect(await faultsOf(lead)).toEqual([])
    await lead.getByRole('button', { name: 'Send to 2' }).click()
    await lead.getByRole('dialog').getByRole('button', { name: 'Send to 2' }).click()
    await lead.getByText('Sent to 2. 1 could not be written to now.').waitFor()
    const mails = async () =>
      (await call<{ items: { to: string; subject: string }[] }>(lead, '/v1/mailbox')).items
        .filter(({ subject }) => /You said|Du sa/.test(subject))
        .map(({ to }) => to)
        .sort()
    await expect.poll(mails, patience).toEqual(['a@kund.example', 'b@kund.example'])
  })

  it('agrees on a plan with a customer from their case, and finds it among all plans as theirs', async () => {
    await go(lead, '/cases?tab=all')
    await lead.getByRole('link', { name: /Customer a/ }).click()
    await lead.getByRole('button', { name: 'New action plan' }).click()
    await lead.getByLabel('What is it about?').fill('Deliveries in time')
    await lead.getByRole('button', { name: 'Make the plan' }).click()
    await lead.getByLabel('What will be done').fill('Ring before each delivery')
    await lead.getByLabel('By when').fill('2020-05-01')
    await lead.getByRole('button', { name: 'Add' }).click()
    await lead.getByText('Ring before each delivery').waitFor()
    await go(lead, '/plans?mine=true')
    await lead.getByText('1 item is overdue.').waitFor()
    await lead.getByRole('link', { name: 'Customer a' }).waitFor()
    expect(await faultsOf(lead)).toEqual([])
    await lead.getByRole('combobox', { name: 'How far: Ring before each delivery' }).click()
    await lead.getByRole('option', { name: 'Done', exact: true }).click()
    await expect.poll(() => lead.getByText('1 item is overdue.').count(), patience).toBe(0)
  })

  it('sees criticism held and why, lets one out, and ends the launch mode', async () => {
    await go(lead, '/praise')
    await lead.getByRole('heading', { name: 'Only the good goes out' }).waitFor()
    await lead.getByRole('combobox', { name: 'State' }).click()
    await lead.getByRole('option', { name: 'Held' }).click()
    await expect.poll(() => lead.locator('[data-list] a').count(), patience).toBe(3)
    expect(await faultsOf(lead)).toEqual([])
    await lead.getByRole('checkbox').first().check()
    await lead.getByRole('button', { name: 'Send them' }).click()
    await lead.getByText('1 released').waitFor()
    await expect.poll(() => lead.locator('[data-list] a').count(), patience).toBe(2)
    await lead.getByRole('button', { name: 'Let criticism out from now on' }).click()
    await lead.getByRole('heading', { name: 'Praise and criticism both go out' }).waitFor()
  })

  it('counts what promoters brought: whom they sent, what was won, each with its Ask', async () => {
    const link = async () => {
      const { items } = await call<{ items: { id: string; to: string; subject: string }[] }>(
        lead,
        '/v1/mailbox',
      )
      const mail = items.find(
        ({ to, subject }) => to === 'c@kund.example' && /^(Thank you|Tack)$/.test(subject),
      )
      const found = mail && JSON.stringify(await call(lead, `/v1/mailbox/${mail.id}`))
      return found && /\/r\/[\w-]+/.exec(found)?.[0]
    }
    await expect.poll(link, patience).toBeTruthy()
    const friend = await lead.context().newPage()
    await friend.goto(`${product.address}${await link()}`)
    await friend.getByLabel(/name/i).fill('Fia Friend')
    await friend.getByLabel(/mail/i).fill('fia@friend.example')
    await friend.locator('button[value=lead]').click()
    await friend.getByText(/will get in touch/).waitFor()
    await friend.close()
    await go(lead, '/promoters')
    await lead.getByRole('row', { name: /^Thanks.*1/ }).waitFor()
    await settled(lead)
    expect(await faultsOf(lead)).toEqual([])
    await lead.getByRole('button', { name: 'Note what became of Fia Friend' }).click()
    await lead.getByRole('menuitem', { name: 'Won' }).click()
    await lead.getByLabel('What was it worth?').fill('5000')
    await lead.getByRole('dialog').getByRole('button', { name: 'Won' }).click()
    await lead.getByRole('row', { name: /A link to pass on.*100 %.*SEK.5,000/ }).waitFor()
    await lead.getByRole('button', { name: 'Note what became of Customer c' }).click()
    await lead.getByRole('menuitem', { name: 'Lost' }).click()
    await lead.getByRole('row', { name: /A lead to the owner.* 0 %/ }).waitFor()
    const asked = () => lead.getByRole('row', { name: /^Leads to the owner that were won/ }).textContent()
    await expect.poll(asked, patience).toMatch(/owner0.%.*1$/)
    await lead.getByRole('link', { name: 'Open Leads to the owner that were won in Explore' }).waitFor()
  })

  it('goes from the loop to the cases that missed, and to those of an owner', async () => {
    // An answer on paper of three days ago: its second counts from when it came in.
    const given = new Date(Date.now() - 72 * 3_600_000).toISOString()
    await call(admin, '/v1/responses', 'POST', [
      {
        ...{ source: 'test', externalId: 'on-paper', survey: 'delivery', contactKey: 'f', answeredAt: given },
        ...{ transaction: { type: 'order', key: 'o-f' }, answers: { recommend: 0 } },
      },
    ])
    const missed = async () => (await call<{ items: unknown[] }>(lead, '/v1/cases?missed=true')).items.length
    await expect.poll(missed, patience).toBe(1)
    await go(lead, '/loop?period=all')
    await lead.getByRole('link', { name: '1 case Missed the time promised' }).click()
    await expect.poll(() => lead.locator('[data-list] a').count(), patience).toBe(1)
    const row = (await lead.locator('[data-list] a').textContent()) ?? ''
    expect(row).toContain('Customer f')
    expect(row).toContain('Missed the deadline')
    // Without a comment the rule is not mistaken for one.
    expect(row).toContain('No comment · Rule: Lost')
    const [, owner = ''] = /(Tove Brink|Amir Haddad)/.exec(row) ?? []
    await go(lead, '/loop?period=all&by=case.owner')
    await lead
      .getByRole('row', { name: new RegExp(`^${owner}`) })
      .getByRole('link', { name: owner, exact: true })
      .click()
    await lead.getByRole('button', { name: `Remove the filter Owner: ${owner}` }).waitFor()
    await lead.locator('[data-list] a').filter({ hasText: 'Customer f' }).waitFor()
  })

  it('reads on a case that its customer was reached too late, and by how much', async () => {
    const { items } = await call<{ items: { caseId: string; revision: number; contactDueAt: string }[] }>(
      lead,
      '/v1/cases?missed=true',
    )
    const [late] = items
    await call(lead, `/v1/cases/${late?.caseId}/contact`, 'POST', {
      ...{ revision: late?.revision, channel: 'phone' },
    })
    await go(lead, `/cases/${late?.caseId}`)
    const done = lead.locator('.case-actions')
    await done.getByText('Contacted', { exact: true }).waitFor()
    await done.getByText(/^First contact (less than 1|\d+) min late$/).waitFor()
    expect(await done.getByText('Missed the deadline').count()).toBe(0)
  })

  it('reads why an answer that was handed in too late has no case', async () => {
    const answeredAt = new Date(Date.now() - 30 * 24 * 3_600_000).toISOString()
    const { receipts } = await call<{ receipts: { responseId: string }[] }>(admin, '/v1/responses', 'POST', [
      {
        ...{ source: 'test', externalId: 'found', survey: 'delivery', contactKey: 'd', answeredAt },
        ...{ transaction: { type: 'order', key: 'o-d' }, answers: { recommend: 2 } },
      },
    ])
    const path = `/responses/${receipts[0]?.responseId}`
    const decided = async () => (await call<{ decision: object | null }>(lead, `/v1${path}`)).decision
    await expect.poll(decided, patience).toEqual({ handling: 'none', reason: 'tooOld' })
    await go(lead, path)
    await lead.getByText('Nothing: it was handed in too long after it was given').waitFor()
    await lead.getByRole('link', { name: 'Open the customer' }).click()
    await lead.getByText('No case by itself: it was handed in too long after it was given.').waitFor()
  })

  it('has no key to other systems', async () => {
    await go(lead, '/settings')
    expect(await lead.getByRole('link', { name: 'Webhooks and chat' }).count()).toBe(0)
  })
})

describe('a trial drawn by lot', () => {
  // Sales calls of long ago, played in virtual time: everybody was mildly unhappy, so that half of them waited by lot.
  const start = Date.UTC(2024, 2, 4, 9)
  const ordered = (customer: number, id: string, at: number) => {
    const time = new Date(at).toISOString()
    return {
      ...{ specversion: '1.0', id, source: 'crm', type: 'call.ordered', time },
      data: {
        contact: { id: `t${customer}`, name: `Caller ${customer}`, email: `t${customer}@kund.example` },
        account: { id: `firm${customer}`, name: `Firm ${customer}`, employees: 5 },
        ...{ seller: 's1', team: 'small', order: { id: `order of ${id}`, amount: 900 } },
        call: { id, at: time, minutes: 4, product: 'credit' },
      },
    }
  }
  const callers = Array.from({ length: 24 }, (_, index) => index)
  let folder = ''

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'samklang-trial-'))
    const uc = readFileSync(resolve(import.meta.dirname, '../../programs/uc/program.yaml'), 'utf8')
    // Without what is told to the sellers, which is another story.
    writeFileSync(join(folder, 'program.yaml'), uc.slice(0, uc.indexOf('\n# The sellers are to like it')))
    const line = (customer: number, hours: number, what: object) =>
      JSON.stringify({
        ...{ at: new Date(start + hours * 3_600_000).toISOString(), person: `t${customer}` },
        ...what,
      })
    const answer = (customer: number) => ({
      survey: 'salesCall',
      transaction: { type: 'call', key: `call${customer}` },
      answers: { recommend: 5, listened: 3 },
    })
    const lines = [
      ...callers.map((each) => line(each, 0, { event: ordered(each, `call${each}`, start) })),
      ...callers.map((each) => line(each, 3, { answer: answer(each) })),
    ]
    writeFileSync(join(folder, 'scenario.jsonl'), `${lines.join('\n')}\n`)
    await product.command('replay', folder, '--workspace', 'trial')
  }, 120_000)
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('tells what following up at once is worth, when the time to look at is over', async () => {
    const found = await call<{ items: { contact: { name: string }; holdUntil: string | null }[] }>(
      admin,
      '/v1/cases?tab=all&limit=200&workspace=trial',
    )
    expect(found.items.length).toBe(callers.length)
    const atOnce = callers.filter(
      (each) => !found.items.find(({ contact }) => contact.name === `Caller ${each}`)?.holdUntil,
    )
    const later = callers.length - atOnce.length
    // Of those who were called at once all but one came back, of the others nobody.
    const back = atOnce.slice(1)
    for (const each of back) {
      const event = ordered(each, `back${each}`, start + 60 * 86_400_000)
      await call(admin, '/v1/events?workspace=trial', 'POST', event)
    }
    await admin.evaluate(() => localStorage.setItem('samklang-workspace', 'trial'))
    await go(admin, '/loop?period=all')
    await admin.getByText('as soon as it is 1 year old').waitFor()
    const trial = admin.locator('section').filter({ hasText: 'By lot, free of selection' })
    await trial.getByText('contact at once pays').first().waitFor()
    const row = (name: string) => trial.getByRole('row', { name: new RegExp(`^${name}`) }).textContent()
    const share = Math.round((100 * back.length) / atOnce.length)
    await expect
      .poll(() => row('Contacted at once'), patience)
      .toMatch(`Contacted at once${atOnce.length}${share} %`)
    expect(await row('Contacted later, by lot')).toMatch(`Contacted later, by lot${later}0 %`)
    const told = await trial.locator('.differences li').allTextContents()
    expect(told).toEqual([
      expect.stringMatching(`^Bought again: \\+${share} points .*contact at once pays$`),
      expect.stringMatching(`^Stayed: \\+${share} points .*contact at once pays$`),
    ])
    // The lot may have made both halves alike.
    await trial.getByText(`${later} cases of ${later} customers`).first().waitFor()
    await trial.getByText('Going on').waitFor()
    expect(await faultsOf(admin)).toEqual([])
    await admin.evaluate(() => localStorage.removeItem('samklang-workspace'))
  })
})

describe('an admin', () => {
  it('makes a webhook, whose secret is shown once, and sees a signed trial arrive', async () => {
    await go(admin, '/settings')
    await admin.getByRole('link', { name: 'Webhooks and chat' }).click()
    await admin.getByText('New webhook').click()
    const { port } = receiver.address() as AddressInfo
    await admin.getByLabel('Address', { exact: true }).fill(`http://127.0.0.1:${port}/hooks`)
    await admin.getByLabel('What is it for?').fill('CRM')
    await admin.getByRole('button', { name: 'Create' }).first().click()
    await admin.getByText('it is not shown again').waitFor()
    expect(await admin.locator('.new-key pre').textContent()).toMatch(/^whsec_/)
    await admin.reload()
    await admin.getByRole('button', { name: 'Try it' }).click()
    await admin.locator('.deliveries .tag').getByText('Arrived').waitFor()
    expect(received).toEqual([{ id: expect.any(String), signature: expect.stringMatching(/^v1,/) }])
    expect(await admin.getByText('whsec_').count()).toBe(0)
    expect(await faultsOf(admin)).toEqual([])
  })

  it('changes its secret, pauses it, and sends again what has arrived, under the same id', async () => {
    await admin.getByRole('button', { name: 'Send again' }).click()
    await expect.poll(() => received.length, patience).toBe(2)
    expect(received[1]?.id).toBe(received[0]?.id)
    await admin.getByRole('button', { name: 'More for CRM' }).click()
    await admin.getByRole('menuitem', { name: 'New secret' }).click()
    await admin.getByText('for a day the one before signs too').waitFor()
    await admin.getByText(/both secrets sign until/).waitFor()
    await admin.getByRole('button', { name: 'More for CRM' }).click()
    await admin.getByRole('menuitem', { name: 'Pause' }).click()
    await admin.locator('.hook').getByText('Paused', { exact: true }).waitFor()
  })

  it('makes a chat channel, tries it and removes it', async () => {
    const { port } = receiver.address() as AddressInfo
    await admin.getByText('New channel').click()
    const form = admin.locator('.new-hook[open] form').last()
    await form.getByLabel('Name').fill('wins')
    await form.getByLabel('Address of its incoming webhook').fill(`http://127.0.0.1:${port}/chat`)
    await form.getByRole('button', { name: 'Create' }).click()
    const channel = admin.locator('.hook').filter({ hasText: 'wins' })
    await channel.getByRole('button', { name: 'Try it' }).click()
    await channel.locator('.deliveries .tag').getByText('Arrived').waitFor()
    await admin.getByRole('button', { name: 'More for wins' }).click()
    await admin.getByRole('menuitem', { name: 'Remove' }).click()
    await admin.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
    await expect.poll(() => channel.count(), patience).toBe(0)
  })

  it('meets no fault on the way', () => {
    expect(complaints).toEqual([])
  })
})
