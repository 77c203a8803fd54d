import { resolve } from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { recordEvents } from '../../src/events/intake.ts'
import { createSignInLink } from '../../src/people/links.ts'
import { placeMember } from '../../src/people/members.ts'
import { importResponses } from '../../src/responses/import.ts'
import { refreshValues } from '../../src/value/refresh.ts'
import { startTestServer, type TestServer } from '../server.ts'
import { club, yearly } from '../value/club.ts'
import { freePort, launch } from './process.ts'

const email = 'lead@club.invalid'
const program = club(
  `${yearly.replace(
    'churn: {',
    `segments:
    - { id: gold, name: { en: The golden }, when: value.margin >= 1500.0, high: true }
    - { id: plain, when: value.rlv >= 0.0 }
  churn: {`,
  )}
recovery:
  openWithin: P100Y
  rules: [{ id: unhappy, when: 'has(answers.recommend) && answers.recommend <= 6', firstContact: PT24H }]
employees:
  - { key: kim, name: Kim, email: kim@club.invalid, unit: town, role: manager }
  - { key: sam, name: Sam, email: sam@club.invalid, unit: east }
`,
)
const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString()

let server: TestServer
let browser: Browser
let context: BrowserContext
let page: Page
let address: string
const complaints: string[] = []

beforeAll(async () => {
  address = `http://127.0.0.1:${await freePort()}`
  const portalFolder = resolve(import.meta.dirname, '../../dist/portal')
  ;[server, browser] = await Promise.all([startTestServer({ portalFolder, publicUrl: address }), launch()])
  const { database, clock, programs } = server.parts
  // Of several the one opens that the link names, also where another is older.
  const { workspaceId: older } = await server.workspace('pool')
  await placeMember(database, clock, older, { email, name: 'Lead' }, { role: 'viewer' })
  const { workspaceId } = await server.workspace('club')
  await programs.push(workspaceId, [{ path: 'club.yaml', text: program }])
  await placeMember(database, clock, workspaceId, { email, name: 'Lead' }, { role: 'admin' })
  await fill(workspaceId)
  await server.app.listen({ port: Number(new URL(address).port), host: '127.0.0.1' })
  context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-GB' })
  context.setDefaultTimeout(10_000)
  page = await context.newPage()
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
  await page.goto(`${(await createSignInLink(server.parts, { email, workspaceId })).url}&next=%2Fvalue`)
  await page.getByRole('button', { name: 'Sign in with this link' }).click()
  await page.getByRole('button', { name: 'Later' }).click()
}, 60_000)
afterAll(async () => {
  await browser?.close()
  await server?.close()
})

/** Twelve members in four families, half of them worth much; some said how they like it. */
async function fill(workspaceId: string) {
  let fee = 0
  const paid = (member: number, days: number) => ({
    specversion: '1.0',
    id: String(++fee),
    source: 'till',
    type: 'fee.paid',
    time: daysAgo(days),
    data: {
      member: `m${member}`,
      family: `Family ${member % 4}`,
      amount: member < 6 ? 2000 : 200,
      hall: member % 2 === 0 ? 'east' : 'west',
      fee: `F${fee}`,
    },
  })
  const members = Array.from({ length: 12 }, (_, member) => member)
  const events = [760, 390].flatMap((days) => members.map((member) => paid(member, days)))
  await recordEvents(server.parts, workspaceId, [...events, paid(0, 1)])
  const scores = [
    [0, 1],
    [0, 6],
    [1, 5],
    [2, 9],
    [6, 0],
    [7, 10],
  ] as const
  await importResponses(
    server.parts,
    workspaceId,
    scores.map(([member, recommend], index) => ({
      source: 'letters',
      externalId: String(index),
      survey: 'mood',
      contactKey: `m${member}`,
      answers: { recommend, why: 'As always.' },
      answeredAt: new Date(daysAgo(30 - index)),
    })),
  )
  await refreshValues(server.parts, workspaceId)
}

const idOf = async (what: 'customers' | 'accounts', search: string) => {
  const found = await page.evaluate(
    async (path) => (await fetch(path, { headers: { 'samklang-workspace': 'club' } })).json(),
    `/v1/${what}?search=${encodeURIComponent(search)}`,
  )
  return (found as { items: Array<{ id: string }> }).items[0]?.id as string
}

describe('who looks after the valuable ones', () => {
  it('sees them in the matrix, chooses a cell and opens a case for those selected', async () => {
    await page.getByRole('link', { name: 'Value' }).click()
    await page.getByRole('heading', { name: 'Value and loyalty', exact: true }).waitFor()
    await page.getByRole('button', { name: /^The golden, Detractors: 2/ }).click()
    await page.getByText('Customers: The golden · Detractors').waitFor()
    await page.getByRole('button', { name: /^Save/ }).click()
    await page.getByText('Customers: Save').waitFor()
    await page.getByRole('checkbox', { name: 'Select m0' }).check()
    await page.getByLabel('Why? (stands on the cases)').fill('Two renewals in May')
    await page.getByRole('button', { name: 'Open a case' }).click()
    await page.getByText('1 case opened.').waitFor()
    await expect.poll(() => page.getByRole('checkbox', { name: 'Select m0' }).isDisabled()).toBe(true)
    await page.getByRole('link', { name: 'To the cases' }).click()
    // By its name, as on every page.
    await page.locator('[data-case]').getByText('Value The golden').waitFor()
    await page.locator('[data-case]').first().getByRole('link').click()
    const priority = page.getByRole('table').filter({ hasText: 'Expected value' })
    await priority.waitFor()
    expect(await priority.innerText()).toMatch(/Risk of leaving[\s\S]*Value still to come\s*SEK/)
    await page.getByText('Two renewals in May').waitFor()
  })

  it('reads what is learned and what is assumed', async () => {
    await page.goto(`${address}/value`)
    await page.getByRole('heading', { name: 'Where the numbers come from' }).waitFor()
    const saving = page.locator('.model-part').filter({ hasText: 'Chance of saving' })
    expect(await saving.innerText()).toContain('assumed (what the neighbours say)')
    await page.getByRole('heading', { name: 'Stayed, by when they came' }).waitFor()
  })

  it('sees on a customer’s page how they are and what they are worth, and agrees on a plan', async () => {
    await page.goto(`${address}/customers/${await idOf('customers', 'm0')}`)
    await page.getByText('better than before').waitFor()
    await page.getByText('1 open case').first().waitFor()
    await page.getByText('Segment The golden, high value').waitFor()
    await page.getByRole('button', { name: 'New action plan' }).click()
    await page.getByLabel('What is it about?').fill('A better hall')
    await page.getByRole('button', { name: 'Make the plan' }).click()
    await page.getByLabel('What will be done').fill('Mend the lamps')
    await page.getByRole('combobox', { name: 'Who' }).click()
    await page.getByRole('option', { name: 'Sam' }).click()
    await page.getByLabel('By when').fill('2030-05-01')
    await page.getByRole('button', { name: 'Add' }).click()
    await page.getByText('Sam · by 1 May').waitFor()
    await page.getByRole('combobox', { name: 'How far: Mend the lamps' }).click()
    await page.getByRole('option', { name: 'Under way' }).click()
    await expect
      .poll(() => page.getByRole('combobox', { name: 'How far: Mend the lamps' }).inputValue())
      .toBe('Under way')
    await page.getByRole('button', { name: 'Tell the customer' }).click()
    const letter = page.getByRole('dialog')
    await letter.getByLabel('Text').fill('Dear friends, this is how far we are.')
    expect(await letter.getByLabel('The mail').innerText()).toMatch(/Mend the lamps\s*Under way/)
    await letter.getByRole('button', { name: 'Send' }).click()
    // Nobody knows the address of a member of this club, and the page says so.
    await letter.getByRole('status').getByText('Not sent: there is no e-mail address').waitFor()
    await page.keyboard.press('Escape')
  })

  it('finds an account with its people, and their one line of time', async () => {
    await page.goto(`${address}/customers`)
    await page.getByRole('link', { name: 'Accounts' }).click()
    await page.getByRole('searchbox', { name: 'Name or key', exact: true }).fill('Family 0')
    await page.waitForURL(/search=Family/)
    await page.locator('[data-list] a', { hasText: 'Family 0' }).click()
    await page.getByRole('heading', { name: 'Family 0' }).waitFor()
    await page.getByText('3 people').last().waitFor()
    await page.locator('.timeline').getByRole('link', { name: 'm8' }).first().waitFor()
  })

  for (const [colorScheme, width] of [
    ['light', 1440],
    ['dark', 390],
  ] as const)
    it(`has pages without faults of access, in ${colorScheme} at ${width} px`, async () => {
      const customer = await idOf('customers', 'm0')
      const account = await idOf('accounts', 'Family 0')
      const shown = await context.newPage()
      await shown.setViewportSize({ width, height: 900 })
      await shown.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      const faults: string[] = []
      for (const [path, text] of [
        ['/value?quadrant=save', 'Chance of saving'],
        [`/customers/${customer}`, 'Timeline'],
        [`/accounts/${account}`, 'Timeline'],
      ] as const) {
        await shown.goto(address + path)
        await shown.getByText(text).first().waitFor()
        const { violations } = await new AxeBuilder({ page: shown })
          .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
          .analyze()
        for (const { id, nodes } of violations)
          faults.push(`${path} ${id}: ${nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`)
        const over = await shown.evaluate(() => document.documentElement.scrollWidth - innerWidth)
        if (over > 0) faults.push(`${path} is ${over} px too wide`)
      }
      await shown.close()
      expect(faults).toEqual([])
    })

  it('without the browser complaining', () => {
    expect(complaints).toEqual([])
  })
})
