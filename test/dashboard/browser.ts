import { type MockAccount, type MockServer, startMockServer } from '@sendbox/mock-server'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, test as base, beforeAll, expect } from 'vitest'
import { chromiumIsMissing, launchChromium } from './chromium.ts'

let browser: Browser | undefined

/** Starts one browser for the tests of a file. */
export function useBrowser(): void {
  beforeAll(async () => {
    if (chromiumIsMissing !== undefined) {
      if (process.env['CI']) throw new Error(chromiumIsMissing)
      process.stderr.write(`The tests of the dashboard are NOT RUN. ${chromiumIsMissing}\n`)
      return
    }
    browser = await launchChromium()
  }, 60_000)
  afterAll(() => browser?.close())
}

/** A browser window with the dashboard of a mock. */
export interface Dashboard {
  readonly server: MockServer
  readonly account: MockAccount
  readonly context: BrowserContext
  readonly page: Page
  /** Goes to a place of the page, such as `calls`. */
  readonly goTo: (place: string) => Promise<void>
}

interface WindowOptions {
  readonly colorScheme?: 'light' | 'dark'
  readonly width?: number
  readonly height?: number
}

/** Collects what a page must never do: break a policy, throw, or write an error to its console. */
async function watch(page: Page): Promise<string[]> {
  const faults: string[] = []
  await page.exposeFunction('reportViolation', (text: string) => faults.push(text))
  await page.addInitScript(() => {
    addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
      const { reportViolation } = globalThis as unknown as {
        readonly reportViolation: (text: string) => void
      }
      reportViolation(`${violatedDirective} ${blockedURI}`)
    })
  })
  page.on('pageerror', ({ message }) => faults.push(message))
  return faults
}

/** Opens a window of the browser with a page that is watched. */
async function openWindow({
  colorScheme = 'light',
  width = 1440,
  height = 900,
}: WindowOptions = {}): Promise<{ context: BrowserContext; page: Page; faults: string[] }> {
  if (browser === undefined) throw new Error('useBrowser() starts the browser')
  const context = await browser.newContext({
    colorScheme,
    viewport: { width, height },
    permissions: ['clipboard-read', 'clipboard-write'],
  })
  const page = await context.newPage()
  page.setDefaultTimeout(10_000)
  return { context, page, faults: await watch(page) }
}

/** The tests of the dashboard: each has a mock and a window of its own, and fails for whatever {@link watch} finds. */
export const test = base.extend<{ dashboard: Dashboard; windowOptions: WindowOptions }>({
  windowOptions: {},
  dashboard: async ({ windowOptions, task }, use) => {
    if (chromiumIsMissing !== undefined) return task.context.skip(chromiumIsMissing)
    await using server = await startMockServer({ seed: task.name })
    const { context, page, faults } = await openWindow(windowOptions)
    const account = server.account()
    const goTo = async (place: string): Promise<void> => {
      await page.goto(`${server.dashboardUrl}#/${account.accountId}/${place}`)
      await page.getByRole('status').getByText('live').waitFor()
    }
    await use({ server, account, context, page, goTo })
    await context.close()
    expect(faults).toEqual([])
  },
})

/** The place of a conversation. */
export const placeOf = (conversationId: string): string => `conversations/${conversationId}`
