import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { call, launch, type Running, signedIn, startProduct } from './process.ts'

// Somebody who is in two workspaces, and reads mails of both.
let product: Running
let browser: Browser
let page: Page
const complaints: string[] = []

beforeAll(async () => {
  ;[product, browser] = await Promise.all([startProduct(), launch()])
  page = await signedIn(browser, product.link, complaints)
  for (const name of ['One', 'Two']) await call(page, '/v1/workspaces', 'POST', { name })
  await page.evaluate(() => localStorage.setItem('samklang-workspace', 'one'))
}, 120_000)
afterAll(async () => {
  await browser?.close()
  await product?.stop()
})

const shows = (open: Page, name: string) => open.locator('.account-names b').getByText(name).waitFor()

it('a link that names a workspace opens it there, keeps the rest of the address, and is forgotten', async () => {
  await page.goto(`${product.address}/settings`)
  await shows(page, 'One')
  await page.goto(`${product.address}/cases?tab=closed&workspace=two#aside`)
  await shows(page, 'Two')
  expect(page.url()).toBe(`${product.address}/cases?tab=closed#aside`)
  await page.goto(`${product.address}/settings`)
  await shows(page, 'Two')
})

it('one that names a workspace of others changes nothing', async () => {
  await page.goto(`${product.address}/settings?workspace=nobodys`)
  await shows(page, 'Two')
  expect(page.url()).toBe(`${product.address}/settings`)
})

it('a sign-in link opens the workspace it names, also for who leaves before choosing a password', async () => {
  const printed = await product.command('sign-in-link', '--workspace', 'one')
  const other = await browser.newContext({ locale: 'en-GB' })
  const open = await other.newPage()
  await open.goto(product.address)
  await open.evaluate(() => localStorage.setItem('samklang-workspace', 'two'))
  await open.goto(/http\S+/.exec(printed)?.[0] ?? '')
  await open.getByRole('button', { name: 'Sign in with this link' }).click()
  await open.getByRole('button', { name: 'Set the password' }).waitFor()
  await open.goto(`${product.address}/settings`)
  await shows(open, 'One')
  await open.getByLabel('E-mail').waitFor()
  await other.close()
})

it('who is not signed in comes to the workspace of the link after signing in', async () => {
  await call(page, '/auth/password', 'POST', { password: 'lugn nordisk morgon', email: 'karin@example.se' })
  const stranger = await browser.newContext({ locale: 'en-GB' })
  const open = await stranger.newPage()
  await open.goto(`${product.address}/cases?tab=closed&workspace=two`)
  await open.getByLabel('E-mail').fill('karin@example.se')
  await open.getByRole('textbox', { name: 'Password' }).fill('lugn nordisk morgon')
  await open.getByRole('button', { name: 'Sign in' }).click()
  await shows(open, 'Two')
  expect(open.url()).toBe(`${product.address}/cases?tab=closed`)
  expect(complaints).toEqual([])
  await stranger.close()
})
