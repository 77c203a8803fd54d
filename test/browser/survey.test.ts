import { AxeBuilder } from '@axe-core/playwright'
import { type FastifyInstance, fastify } from 'fastify'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { VirtualClock } from '../../src/base/clock.ts'
import { surveyRoutes } from '../../src/responses/routes.ts'
import type { Database } from '../../src/storage/postgres.ts'
import { checked, exampleProgram, insertInvitations, openExample, workspaceId } from '../surveyExample.ts'

let database: Database
let clock: VirtualClock
let app: FastifyInstance
let browser: Browser
let address: string

beforeAll(async () => {
  ;({ database, clock } = await openExample())
  app = fastify()
  await app.register(surveyRoutes, {
    database,
    clock,
    announce: async () => {},
    programs: { version: async () => checked(exampleProgram) },
  })
  address = await app.listen({ port: 0, host: '127.0.0.1' })
  browser = await chromium.launch({
    executablePath: process.env.TEST_CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox'],
  })
})
afterAll(async () => {
  await browser.close()
  await app.close()
  await database.close()
})

let number = 0
const invite = async (more: Parameters<typeof insertInvitations>[2] = {}) =>
  (await insertInvitations(database, [++number], more))[0]!

interface Viewing {
  width?: number
  scheme?: 'light' | 'dark'
  script?: boolean
}

async function open(
  path: string,
  { width = 390, scheme = 'light', script = true }: Viewing = {},
): Promise<Page> {
  const context = await browser.newContext({
    viewport: { width, height: 800 },
    colorScheme: scheme,
    javaScriptEnabled: script,
  })
  const page = await context.newPage()
  await page.goto(`${address}${path}`)
  return page
}

const stored = async (invitationId: string) => {
  const [row] = await database.inWorkspace(workspaceId, (tx) =>
    tx.query<{ state: string; answers: Record<string, unknown> }>(
      'select state, answers from responses where invitation_id = $1',
      [invitationId],
    ),
  )
  return row
}

async function expectSound(page: Page) {
  const { violations } = await new AxeBuilder({ page }).analyze()
  expect(violations.map((each) => `${each.id}: ${each.nodes.map((node) => node.target).join(' ')}`)).toEqual(
    [],
  )
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBe(0)
}

describe('the survey page', () => {
  it('is sound at every width, light and dark, in every language', async () => {
    for (const [width, scheme, language] of [
      [320, 'light', 'sv'],
      [390, 'dark', 'en'],
      [1440, 'dark', 'nb'],
    ] as const) {
      const { token } = await invite({ language })
      const page = await open(`/s/${token}`, { width, scheme })
      await page.locator('[name="q.recommend"][value="3"]').check()
      await page.locator('[data-q=callMe]').waitFor()
      await expectSound(page)
      await page.context().close()
    }
  })

  it('is answered without a script', async () => {
    const { token, invitationId } = await invite()
    const page = await open(`/s/${token}`, { script: false })
    await page.getByRole('radio', { name: '3', exact: true }).check()
    await page.getByRole('button', { name: 'Next' }).click()
    await page.getByLabel('They came late').check()
    await page.getByLabel('What could we do better?').fill('Come in time')
    await page.getByRole('button', { name: 'Send answer' }).click()
    await page.getByRole('heading', { name: 'Thank you' }).waitFor()
    expect(await stored(invitationId)).toEqual({
      state: 'completed',
      answers: { recommend: 3, wrong: ['late'], comment: 'Come in time' },
    })
    await page.context().close()
  })

  it('is answered by the keyboard alone', async () => {
    const { token, invitationId } = await invite()
    const page = await open(`/s/${token}`)
    await page.keyboard.press('Tab')
    await page.keyboard.press('1')
    await page.keyboard.press('0')
    await page.getByLabel('What could we do better?').waitFor()
    expect(await page.getByRole('radio', { name: '10, Extremely likely' }).isChecked()).toBe(true)
    await page.keyboard.press('Tab')
    await page.keyboard.press('5')
    await page.getByLabel('What could we do better?').focus()
    await page.keyboard.type('Nothing')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Thank you' }).waitFor()
    expect(await stored(invitationId)).toEqual({
      state: 'completed',
      answers: { recommend: 10, satisfied: 5, comment: 'Nothing' },
    })
    await page.context().close()
  })

  it('takes away again what is no longer asked, and leaves what is being written', async () => {
    const { token } = await invite()
    const page = await open(`/s/${token}`)
    await page.getByRole('radio', { name: '2', exact: true }).check()
    await page.getByText('What went wrong?').waitFor()
    await page.getByLabel('What could we do better?').fill('half a thou')
    await page.locator('[name="q.recommend"][value="9"]').check()
    await page.getByText('What went wrong?').waitFor({ state: 'detached' })
    expect(await page.getByLabel('What could we do better?').inputValue()).toBe('half a thou')
    await page.context().close()
  })

  it('keeps what was answered for the second visit', async () => {
    const { token, invitationId } = await invite()
    const page = await open(`/s/${token}`)
    await page.getByRole('radio', { name: '8', exact: true }).check()
    await page.getByText('Kept').waitFor()
    await page.context().close()
    expect(await stored(invitationId)).toEqual({ state: 'partial', answers: { recommend: 8 } })
    const again = await open(`/s/${token}?page=1`)
    expect(await again.getByRole('radio', { name: '8', exact: true }).isChecked()).toBe(true)
    await again.context().close()
  })

  it('stores nothing by being opened with a score from the mail', async () => {
    const { token, invitationId } = await invite()
    const page = await open(`/s/${token}?q=recommend&a=4`)
    expect(await page.getByRole('radio', { name: '4', exact: true }).isChecked()).toBe(true)
    await expectSound(page)
    await page.context().close()
    expect(await stored(invitationId)).toBeUndefined()
  })
})

describe('the other pages', () => {
  it('are sound: closed, unknown, unsubscribing, something missing', async () => {
    const closed = await invite({ expiresAt: clock.now() })
    const { token } = await invite({ language: 'nb' })
    for (const path of [`/s/${closed.token}`, '/s/nosuch', `/u/${token}`]) {
      const page = await open(path, { width: 320, scheme: 'dark' })
      await expectSound(page)
      await page.context().close()
    }
    const page = await open(`/s/${token}`, { width: 320 })
    await page.getByRole('button', { name: 'Neste' }).click()
    await page.getByRole('alert').waitFor()
    await expectSound(page)
    // What was asked for is given: nothing is said of it any longer.
    await page.locator('[name="q.recommend"][value="9"]').check()
    await page.locator('.fault').waitFor({ state: 'detached' })
    await page.context().close()
  })
})
