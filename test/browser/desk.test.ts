import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { createTransport } from 'nodemailer'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { call, freePort, launch, type Running, signedIn, startProduct } from './process.ts'

// Days at the desk: an agent and the manager of the region, on the program of a whole service recovery.
let product: Running
let browser: Browser
let owner: Page
let agent: Page
let manager: Page
let mailboxPort: number
const complaints: string[] = []

const program = readFileSync(resolve(import.meta.dirname, '../../programs/quicksearch/program.yaml'), 'utf8')

// What else there is to the loop: what customers are worth, who is told of praise and criticism, what promoters are asked.
const outer = `
samklang: 1
value:
  of: contact
  payments: [{ transaction: order, amount: amount, at: deliveredAt }]
  margin: 0.5
  period: P1Y
  discount: 0.1
  churn: { after: P400D, within: P1Y }
  priors:
    retention: { value: 0.8, source: the board }
    churn: { strongDetractor: 0.5, detractor: 0.3, passive: 0.1, promoter: 0.05, source: a guess of the board }
    save: { value: 0.3, weight: 20, source: what the neighbours say }
  costs: { phone: 150, mail: 20 }
notify:
  praise: { when: "response.survey == 'delivery' && answers.recommend >= 9" }
  criticism: { when: "response.survey == 'delivery' && answers.recommend <= 6" }
promoters:
  rules:
    - { id: more, when: "response.survey == 'delivery' && answers.recommend == 10", do: upsell, to: [accountOwner] }
`

const regions: Record<string, string> = {
  ...{ a: 'north', b: 'north', c: 'north', d: 'north', e: 'south', f: 'north', g: 'south' },
}
// Whose work it was; of these two the agent who signs in hears.
const deliveredBy: Record<string, string> = { d: 'n1', f: 'n1' }

async function delivers(customer: string, more: { revenue?: number } = {}) {
  const now = new Date().toISOString()
  const data = {
    contact: { id: customer, name: `Customer ${customer}`, email: `${customer}@kund.example`, role: 'buyer' },
    account: {
      id: `account-${customer}`,
      name: `Company ${customer}`,
      owner: 'key1',
      revenue: more.revenue ?? 1000,
    },
    region: regions[customer],
    employee: deliveredBy[customer] ?? 'n2',
  }
  const event = (type: string, order: object) => ({
    specversion: '1.0',
    id: `${customer}-${type}`,
    source: 'orders',
    type,
    time: now,
    data: { ...data, order: { id: `o-${customer}`, ...order } },
  })
  return [
    event('order.placed', { kind: 'goods', product: 'chairs', placedAt: now, promisedAt: now, amount: 1000 }),
    event('order.delivered', { deliveredAt: now }),
  ]
}

/** An answer that came in elsewhere; cases open by it as by any other. */
const answers = (customer: string, given: object) => ({
  source: 'test',
  externalId: `answer-${customer}-${JSON.stringify(given)}`,
  survey: 'delivery',
  contactKey: customer,
  transaction: { type: 'order', key: `o-${customer}` },
  answers: given,
  answeredAt: new Date().toISOString(),
})

beforeAll(async () => {
  mailboxPort = await freePort()
  const settings = { SAMKLANG_MAILBOX_PORT: String(mailboxPort) }
  ;[product, browser] = await Promise.all([startProduct(settings), launch()])
  owner = await signedIn(browser, product.link, complaints)
  await call(owner, '/v1/workspaces', 'POST', { name: 'Rumsro' })
  await call(owner, '/v1/program', 'PUT', { files: [{ path: 'program.yaml', text: program }] })
  const events = (await Promise.all(Object.keys(regions).map((customer) => delivers(customer)))).flat()
  for (const event of events) await call(owner, '/v1/events', 'POST', event)
  // Values are reckoned at once when the program first says what customers are worth: they have paid by now.
  const files = [
    { path: 'program.yaml', text: program },
    { path: 'outer.yaml', text: outer },
  ]
  await call(owner, '/v1/program', 'PUT', { files })
  await call(owner, '/v1/responses', 'POST', [
    answers('d', { recommend: 10, comment: 'Nils was wonderful.' }),
    // Silent as the policy has it: no case, but the manager hears of it.
    answers('f', { recommend: 4 }),
    answers('g', { recommend: 10, comment: 'The south is fine.' }),
  ])
  const member = async (email: string, role: string, employeeKey: string) =>
    (
      await call<{ link: string }>(owner, '/v1/members', 'POST', {
        email,
        role,
        employeeKey,
        unitKey: 'north',
      })
    ).link
  agent = await signedIn(browser, await member('n1@rumsro.example', 'employee', 'n1'), complaints)
  manager = await signedIn(
    browser,
    await member('head@rumsro.example', 'unitManager', 'northHead'),
    complaints,
  )
}, 180_000)

afterAll(async () => {
  await browser?.close()
  await product?.stop()
})

const patience = { timeout: 15_000 }
const rows = (page: Page) => page.locator('[data-list] a')
const tab = (page: Page, name: RegExp) =>
  page.getByRole('navigation', { name: 'Which cases' }).getByRole('button', { name })

async function replyAddress(subject: string): Promise<string> {
  const { items } = await call<{ items: { id: string; subject: string }[] }>(owner, '/v1/mailbox')
  const letter = items.find((each) => each.subject === subject)
  const { headers } = await call<{ headers: { name: string; value: string }[] }>(
    owner,
    `/v1/mailbox/${letter?.id}`,
  )
  return headers.find(({ name }) => /^reply-to$/i.test(name))?.value ?? ''
}

const sendIn = (from: string, to: string, subject: string, text: string) =>
  createTransport({ host: '127.0.0.1', port: mailboxPort, ignoreTLS: true }).sendMail({
    ...{ from, to, subject, text },
  })

const go = async (page: Page, path: string) => {
  await page.goto(`${product.address}${path}`)
  await page.locator('h1').waitFor()
}

/** What the page of value shows somebody: the customers of their own unit alone. */
async function readsValue(page: Page) {
  await go(page, '/value')
  const people = page.getByRole('table').filter({ hasText: 'Customer a' })
  await people.waitFor()
  expect(await people.textContent()).not.toMatch(/Customer [eg]/)
  await page.getByText('assumed (what the neighbours say)').waitFor()
}

/** The terms of the priority on the case that is open, each with where it comes from. */
async function readsPriority(page: Page) {
  const priority = page.getByRole('table').filter({ hasText: 'Expected value' })
  await priority.waitFor()
  expect(await priority.textContent()).toMatch(
    /Risk of leaving\s*\d+.%[\s\S]*a guess of the board[\s\S]*Value still to come\s*SEK/,
  )
}

/** Ties the case that is open to what shall be better, and agrees on a plan with its customer. */
async function leadsOn(page: Page, improvement: string, item: string) {
  await page.getByRole('button', { name: 'Link to an improvement' }).click()
  await page.getByRole('button', { name: 'Propose a new one' }).click()
  const form = page.getByRole('form', { name: 'The improvement' })
  await form.getByLabel('What shall be better?').fill(improvement)
  await form.getByRole('button', { name: 'Propose' }).click()
  await page.getByRole('link', { name: improvement }).waitFor()
  await page.getByRole('button', { name: 'New action plan' }).click()
  await page.getByLabel('What is it about?').fill(`Plan of ${item}`)
  await page.getByRole('button', { name: 'Make the plan' }).click()
  await page.getByLabel('What will be done').fill(item)
  await page.getByRole('button', { name: 'Add', exact: true }).click()
  await page.getByText(item, { exact: true }).waitFor()
  await go(page, '/plans')
  await page.getByText(item, { exact: true }).waitFor()
  await go(page, '/improvements')
  await page.getByText(improvement).first().waitFor()
}

describe('an agent', () => {
  it('sees a case come in without reloading, as theirs, with the time left', async () => {
    await agent.goto(`${product.address}/cases?tab=mine`)
    await agent.getByRole('heading', { name: 'Nothing here' }).waitFor()
    await call(owner, '/v1/responses', 'POST', [
      answers('a', { recommend: 5, contactMe: true, comment: 'The chairs came broken.' }),
    ])
    await rows(agent).first().waitFor()
    const row = await rows(agent).first().textContent()
    expect(row).toContain('Customer a')
    expect(row).toContain('47 h left')
  })

  it('works through it by keyboard: opens, takes, does not reach, reaches', async () => {
    await agent.locator('main').focus()
    await agent.keyboard.press('j')
    await agent.keyboard.press('Enter')
    await agent.getByRole('heading', { name: 'Customer a' }).waitFor()
    await agent.getByText('No telephone number is known').waitFor()
    await agent.keyboard.press('t')
    await agent.locator('.case-state').getByText('Taken').waitFor()
    await agent.keyboard.press('u')
    await agent.getByRole('form', { name: 'Not reached' }).waitFor()
    // How one tried is one's own to say: one press takes what is recommended. The button says what is missing.
    await agent.keyboard.press('Control+Enter')
    await agent.getByRole('alert').getByText('Still missing: How.').waitFor()
    expect(await agent.locator('.history').getByText('Not reached').count()).toBe(0)
    await agent.keyboard.press('Space')
    await agent.keyboard.press('Tab')
    await agent.keyboard.type('Voicemail.')
    await agent.keyboard.press('Control+Enter')
    await agent.locator('.history').getByText('Voicemail.').waitFor()
    await agent.keyboard.press('c')
    const reached = agent.getByRole('form', { name: 'Reached the customer' })
    await reached.waitFor()
    // Chosen and in focus, so that Enter alone says it.
    const recommended = reached.getByRole('radio', { name: 'Mail recommended', checked: true })
    expect(await recommended.evaluate((each) => each === document.activeElement)).toBe(true)
    await agent.keyboard.press('ArrowDown')
    expect(await recommended.count()).toBe(0)
    await agent.keyboard.press('ArrowUp')
    await agent.keyboard.press('Tab')
    await agent.keyboard.type('Two chairs were broken')
    // What is half written is not lost by reloading.
    await agent.reload()
    await agent.locator('.case-state').waitFor()
    await agent.keyboard.press('c')
    const words = reached.getByRole('textbox')
    expect(await words.inputValue()).toBe('Two chairs were broken')
    expect(await reached.getByRole('radio', { name: 'Mail recommended' }).isChecked()).toBe(true)
    await words.press('End')
    await agent.keyboard.type(' on the way.')
    await recommended.press('Enter')
    await agent.locator('.case-state').getByText('Contacted').waitFor()
  })

  it('writes the customer a mail, which goes out', async () => {
    await agent.keyboard.press('m')
    const form = agent.getByRole('form', { name: 'Write a mail' })
    await form.getByLabel('Subject').fill('Your new chairs')
    await form.getByLabel('Text').fill('They come on Tuesday.')
    // Closed by somebody else meanwhile: the letter says why it cannot go and how it can, and waits until then.
    const caseId = new URL(agent.url()).pathname.split('/').at(-1)
    const { revision } = await call<{ revision: number }>(owner, `/v1/cases/${caseId}`)
    await call(owner, `/v1/cases/${caseId}/close`, 'POST', { revision, outcome: 'no answer' })
    await form.getByRole('alert').getByText('Somebody closed the case meanwhile').waitFor()
    expect(await form.getByRole('button', { name: 'Send' }).isDisabled()).toBe(true)
    expect(await form.getByLabel('Text').inputValue()).toBe('They come on Tuesday.')
    await agent.getByRole('button', { name: 'Open again' }).click()
    const again = agent.getByRole('form', { name: 'Open again' })
    await again.getByRole('textbox').fill('Their letter was not sent.')
    await again.getByRole('button', { name: 'Open again' }).click()
    await agent.getByRole('button', { name: 'Write a mail' }).click()
    await form.getByRole('button', { name: 'Send' }).click()
    await agent.locator('.mails').getByText('They come on Tuesday.').waitFor()
    await expect
      .poll(async () => {
        const { items } = await call<{ items: { to: string; subject: string }[] }>(owner, '/v1/mailbox')
        return items.some(({ to, subject }) => to.includes('a@kund.example') && subject === 'Your new chairs')
      }, patience)
      .toBe(true)
  })

  it('is told that the customer answered, until it has been read', async () => {
    await agent.goto(`${product.address}/cases?tab=mine`)
    await rows(agent).first().waitFor()
    await sendIn(
      'a@kund.example',
      await replyAddress('Your new chairs'),
      'Re: Your new chairs',
      'Tuesday it is.',
    )
    await tab(agent, /^News/).click()
    const marked = rows(agent).filter({ hasText: 'News from the customer' })
    await marked.waitFor()
    await marked.click()
    await agent.locator('.mails').getByText('Tuesday it is.').waitFor()
    const written = agent.locator('.history li').filter({ hasText: 'Re: Your new chairs' })
    expect(await written.textContent()).toMatch(/^Mail\s+· Customer a/)
    await expect.poll(() => rows(agent).count(), patience).toBe(0)
    await tab(agent, /^Mine/).click()
    await rows(agent).first().waitFor()
    await expect.poll(() => agent.getByText('News from the customer').count(), patience).toBe(0)
  })

  it('sees by which rule it came, and narrows the inbox to a rule', async () => {
    await rows(agent).first().click()
    await agent.locator('.case-state').getByText('Asked for contact').waitFor()
    await agent.getByRole('button', { name: 'Filters' }).click()
    await agent.getByRole('combobox', { name: 'Rule' }).click()
    await agent.getByRole('option', { name: 'Strong detractor' }).click()
    await agent.keyboard.press('Escape')
    await expect.poll(() => rows(agent).count(), patience).toBe(0)
    await agent.getByRole('button', { name: 'Remove the filter Rule: Strong detractor' }).click()
    await expect.poll(() => rows(agent).count(), patience).toBe(1)
  })

  it('cannot close it as solved without saying why it happened', async () => {
    await rows(agent).first().click()
    await agent.locator('.case-state').waitFor()
    await agent.keyboard.press('d')
    const form = agent.getByRole('form', { name: 'Close' })
    const done = form.getByRole('button', { name: 'Close', exact: true })
    await form.getByRole('combobox', { name: 'How did it end?' }).click()
    await agent.getByRole('option', { name: 'Solved', exact: true }).click()
    await done.press('Enter')
    await form.getByRole('alert').getByText('Still missing: Cause.').waitFor()
    expect(
      await form.getByRole('combobox', { name: 'Cause' }).evaluate((each) => each === document.activeElement),
    ).toBe(true)
    expect(await agent.locator('.case-state').getByText('Closed').count()).toBe(0)
    await form.getByRole('combobox', { name: 'Cause' }).click()
    await agent.getByRole('option', { name: 'Logistics › Carrier' }).click()
    await done.click()
    await agent.locator('.case-state').getByText('Closed').waitFor()
    await tab(agent, /^Closed/).click()
    expect(await rows(agent).first().textContent()).toContain('Solved')
  })

  it('sees all that is known of the customer, within the unit', async () => {
    await rows(agent).first().click()
    // The account's owner by name, not by key.
    await agent.locator('.context').getByText('Cecilia Rask').waitFor()
    // By its label, not as the systems send it.
    await agent.locator('.context').getByText('Buyer', { exact: true }).waitFor()
    await agent.getByRole('link', { name: 'Open the customer' }).click()
    await agent.getByRole('heading', { name: 'Customer a' }).waitFor()
    await agent.locator('.timeline').getByText('The chairs came broken.').waitFor()
    await agent.goto(`${product.address}/customers?search=Customer`)
    await agent.locator('[data-list] a').first().waitFor()
    expect(await agent.getByText('Customer e').count()).toBe(0)
    await agent.goto(`${product.address}/cases`)
  })

  it('notes that they will be away', async () => {
    await agent.goto(`${product.address}/settings`)
    const form = agent.getByRole('form', { name: 'Away' })
    await form.getByLabel('First day away').fill('2099-07-01')
    await form.getByLabel('Last day away').fill('2099-07-14')
    // In the language of the page, whatever the browser's field speaks.
    await form.getByText('14 Jul 2099').waitFor()
    await form.getByRole('button', { name: 'Note' }).click()
    await agent.getByText('1 Jul 2099 – 14 Jul 2099').waitFor()
    await agent.goto(`${product.address}/cases`)
  })

  it('judges an answer that looks forged, which was kept off its case', async () => {
    const reply = await replyAddress('Your new chairs')
    // Its code changed: somebody guesses.
    const forged = reply.replace(/\.(.)/, (_, first: string) => `.${first === 'a' ? 'b' : 'a'}`)
    await sendIn('mallory@evil.example', forged, 'Pay me', 'Now.')
    const aside = async () => (await call<{ items: unknown[] }>(agent, '/v1/case-mails/aside')).items.length
    await expect.poll(aside, patience).toBe(1)
    // As the mail leads here that tells of too many letters: what was set aside stands open.
    await agent.goto(`${product.address}/cases#aside`)
    await agent.reload()
    await agent.getByText('1 mail was kept aside').waitFor()
    await agent.getByText('wrong reply code, perhaps forged').waitFor()
    await agent.getByRole('button', { name: 'Put away' }).click()
    await expect.poll(() => agent.getByText('1 mail was kept aside').count(), patience).toBe(0)
  })

  it('escalates what is beyond their mandate', async () => {
    await call(owner, '/v1/responses', 'POST', [
      answers('b', { recommend: 1, contactMe: false }),
      answers('c', { recommend: 2, contactMe: false }),
      answers('e', { recommend: 0, contactMe: false }),
    ])
    await tab(agent, /^All open/).click()
    await agent.getByText('Customer b').first().click()
    await agent.getByRole('heading', { name: 'Customer b' }).waitFor()
    await agent.keyboard.press('e')
    await agent.getByRole('form', { name: 'Escalate' }).getByLabel('Why?').fill('Wants the money back.')
    await agent.getByRole('form', { name: 'Escalate' }).getByRole('button', { name: 'Escalate' }).click()
    await agent.locator('.history').getByText('Wants the money back.').waitFor()
    await leadsOn(agent, 'Chairs arrive whole', 'Ring on Friday')
  })

  it('sees their own numbers of the loop, and the praise they got', async () => {
    await go(agent, '/loop?period=all')
    await agent.getByRole('row', { name: /^Nils Åkerman/ }).waitFor()
    await go(agent, '/praise')
    await agent.getByText('Nils was wonderful.').waitFor()
    // Of criticism about their own work, and of what others are told, they see nothing.
    expect(await agent.locator('.praise-list a').count()).toBe(1)
    await go(agent, '/promoters')
    await agent.getByRole('button', { name: 'Note what became of Customer d' }).waitFor()
    expect(await agent.getByText('Customer g').count()).toBe(0)
    await agent.goto(`${product.address}/cases`)
  })

  it('is offered the keys of the pages they may see, and no others', async () => {
    await agent.locator('h1').waitFor()
    await agent.locator('main').focus()
    await agent.keyboard.press('?')
    const list = agent.getByRole('dialog', { name: 'Keyboard shortcuts' })
    await list.getByText('Go to Cases').waitFor()
    for (const page of ['Data', 'Mailbox', 'Webhooks and chat'])
      expect(await list.getByText(`Go to ${page}`).count()).toBe(0)
    await agent.keyboard.press('Escape')
    await list.waitFor({ state: 'hidden' })
    await agent.keyboard.press('g')
    await agent.keyboard.press('m')
    await agent.keyboard.press('g')
    await agent.keyboard.press('u')
    await agent.getByRole('heading', { level: 1, name: 'Customers' }).waitFor()
    await agent.goto(`${product.address}/cases`)
  })
})

describe('the manager of the region', () => {
  it('sees the cases of the region alone, and those escalated', async () => {
    await manager.goto(`${product.address}/cases`)
    await expect.poll(() => rows(manager).count(), patience).toBe(2)
    expect(await manager.getByText('Customer e').count()).toBe(0)
    await tab(manager, /^Escalated/).click()
    await expect.poll(() => rows(manager).count(), patience).toBe(1)
    expect(await rows(manager).first().textContent()).toContain('Customer b')
  })

  it('gives several cases at once to somebody who is there', async () => {
    await tab(manager, /^All open/).click()
    await expect.poll(() => rows(manager).count(), patience).toBe(2)
    for (const name of ['Customer b', 'Customer c'])
      await manager.getByRole('checkbox', { name: `Select ${name}` }).check()
    await manager.getByRole('button', { name: 'Give to …' }).click()
    const dialog = manager.getByRole('dialog')
    await dialog.getByRole('combobox', { name: 'To whom?' }).click()
    // Not to Hanna Vik: both are about her own work.
    await manager.getByRole('option', { name: /Cecilia Rask/ }).click()
    await dialog.getByRole('button', { name: 'Give to', exact: true }).click()
    await expect.poll(() => rows(manager).getByText('Cecilia Rask').count(), patience).toBe(2)
  })

  it('keeps a view for tomorrow, and finds it after reloading', async () => {
    await manager.getByRole('button', { name: 'Filters' }).click()
    await manager.getByRole('combobox', { name: 'Rule' }).click()
    await manager.getByRole('option', { name: 'Strong detractor' }).click()
    await manager.keyboard.press('Escape')
    await manager.getByRole('button', { name: 'Saved views' }).click()
    await manager.getByLabel('What is it called?').fill('The angriest')
    await manager.getByRole('button', { name: 'Save this view' }).click()
    await manager.getByRole('button', { name: 'The angriest', exact: true }).waitFor()
    await manager.goto(`${product.address}/cases`)
    await manager.getByRole('button', { name: 'Saved views' }).click()
    await manager.getByRole('button', { name: 'The angriest', exact: true }).click()
    await expect.poll(() => new URL(manager.url()).searchParams.get('rule'), patience).toBe('strongDetractor')
  })

  it('reads how the region keeps its promises, and who is away', async () => {
    await manager.goto(`${product.address}/loop?period=all`)
    await manager.getByRole('region', { name: 'First contact within 48 hours' }).locator('.num').waitFor()
    // The region's own cases alone: one was contacted, in time.
    await expect.poll(() => manager.getByRole('row', { name: /^Nils Åkerman/ }).count(), patience).toBe(1)
    await manager.goto(`${product.address}/settings`)
    const away = manager.getByRole('form', { name: 'Away' })
    await manager.getByText('1 Jul 2099 – 14 Jul 2099').waitFor()
    await away.getByRole('combobox', { name: 'Who' }).click()
    await manager.getByRole('option', { name: 'Hanna Vik' }).click()
    await away.getByLabel('First day away').fill('2020-01-01')
    await away.getByLabel('Last day away').fill('2099-01-01')
    await away.getByRole('button', { name: 'Note' }).click()
    await manager.getByText('1 Jan 2020 – 1 Jan 2099').waitFor()
    await manager.goto(`${product.address}/cases`)
    await manager.getByRole('checkbox', { name: 'Select Customer b' }).check()
    await manager.getByRole('button', { name: 'Give to …' }).click()
    await manager.getByRole('dialog').getByRole('combobox', { name: 'To whom?' }).click()
    await manager.getByRole('option', { name: /Hanna Vik.*away until/ }).waitFor()
  })

  it('reaches a customer as the policy recommends, by a template, and in a meeting', async () => {
    await manager.goto(`${product.address}/cases`)
    await rows(manager).filter({ hasText: 'Customer c' }).click()
    const advice = manager.getByRole('region', { name: 'Recommended' })
    await advice.getByText('Mail', { exact: true }).waitFor()
    await advice.getByText('No telephone number is known').waitFor()
    await manager.getByRole('button', { name: 'Write a mail' }).click()
    const mail = manager.getByRole('form', { name: 'Write a mail' })
    await mail.getByRole('combobox', { name: 'Template' }).click()
    await manager.getByRole('option', { name: /late/i }).click()
    expect(await mail.getByLabel('Text').inputValue()).toContain('Customer c')
    await mail.getByRole('button', { name: 'Send' }).click()
    await manager.locator('.mails').getByText('Customer c').first().waitFor()
    await manager.getByRole('button', { name: 'Reached the customer' }).click()
    const reached = manager.getByRole('form', { name: 'Reached the customer' })
    await reached.getByRole('radio', { name: 'Meeting' }).check()
    await reached.getByRole('button', { name: 'Reached the customer' }).click()
    await manager.locator('.case-state').getByText('Contacted').waitFor()
    await leadsOn(manager, 'No chair stands in the rain', 'Visit in June')
  })

  it('reads how a case ended that somebody else closed', async () => {
    // What no filter knows, as in an old link, is left out.
    await manager.goto(`${product.address}/cases?tab=closed&band=zzz`)
    await rows(manager).filter({ hasText: 'Customer a' }).click()
    await manager.locator('.case-state').getByText('Solved').waitFor()
    await manager.locator('.history').getByText('Carrier').waitFor()
  })

  it('reads whether it paid, whom to praise, and what promoters brought', async () => {
    await go(manager, '/loop?period=all')
    await manager.getByText('Selection-biased').waitFor()
    await manager.getByRole('row', { name: /^In a meeting/ }).waitFor()
    await go(manager, '/praise')
    await manager.getByText('Nils was wonderful.').first().waitFor()
    const criticism = manager.locator('.praise-list a').filter({ hasText: 'about Nils Åkerman' })
    await criticism.filter({ hasText: 'Criticism' }).waitFor()
    expect(await manager.getByText('The south is fine.').count()).toBe(0)
    await go(manager, '/promoters')
    await manager.getByRole('button', { name: 'Note what became of Customer d' }).click()
    await manager.getByRole('menuitem', { name: 'Lost' }).click()
    await manager.getByText(/A lead to the owner · Lost/).waitFor()
    expect(await manager.getByText('Customer g').count()).toBe(0)
  })

  it('sees, as the agent does, what customers of the region are worth, and so why a case matters', async () => {
    // Reckoned within a minute of a program that first says what customers are worth.
    const reckoned = () => call(owner, '/v1/value/model').catch(() => undefined)
    await expect.poll(reckoned, { timeout: 70_000 }).toBeTruthy()
    for (const page of [manager, agent]) {
      await readsValue(page)
      await go(page, '/cases')
      await rows(page).filter({ hasText: 'Customer b' }).click()
      await readsPriority(page)
    }
  })

  it('meets no fault on the way', () => {
    expect(complaints).toEqual([])
  })
})
