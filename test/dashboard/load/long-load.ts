// Measures the dashboard in Chromium: the first paint from loopback, and long tasks while the calls room holds 10,000 calls, scrolls, and
// more calls arrive.
import { mkdirSync, writeFileSync } from 'node:fs'
import { availableParallelism, loadavg } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import type { Browser, Page } from 'playwright-core'
import { startMock } from '../../durability/start-mock.ts'
import { digestSources } from '../../source-digest.ts'
import { launchChromium } from '../chromium.ts'
import { runCalls } from './run-calls.ts'

const { values } = parseArgs({
  options: {
    held: { type: 'string', default: '10000' },
    rate: { type: 'string', default: '200' },
    seconds: { type: 'string', default: '20' },
    opens: { type: 'string', default: '15' },
    out: { type: 'string' },
  },
})

/** Times of the first contentful paint of new windows, each with an empty cache, in ms. */
async function measurePaints(browser: Browser, url: string, opens: number): Promise<number[]> {
  const times: number[] = []
  for (let open = 0; open < opens; open += 1) {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
    const page = await context.newPage()
    await page.goto(url)
    const entry = await page.waitForFunction(
      () => performance.getEntriesByName('first-contentful-paint')[0]?.startTime,
    )
    times.push((await entry.jsonValue()) ?? Number.NaN)
    await context.close()
  }
  return times.toSorted((one, other) => one - other)
}

interface Recorded {
  readonly tasks: number[]
  readonly frames: number[]
}

/** Collects long tasks and the intervals of frames, and scrolls the list up and down with each frame. */
const startScrolling = (page: Page): Promise<void> =>
  page.evaluate(() => {
    const recorded: Recorded = { tasks: [], frames: [] }
    Object.assign(globalThis, { recorded })
    new PerformanceObserver(list => {
      for (const { duration } of list.getEntries()) recorded.tasks.push(duration)
    }).observe({ entryTypes: ['longtask'] })
    let before = performance.now()
    let down = true
    requestAnimationFrame(function scroll(now) {
      recorded.frames.push(now - before)
      before = now
      const list = document.querySelector('.virtual-list')
      if (list) {
        const end = list.scrollHeight - list.clientHeight
        if (list.scrollTop >= end) down = false
        if (list.scrollTop <= 0) down = true
        list.scrollTop += down ? 400 : -400
      }
      requestAnimationFrame(scroll)
    })
  })

const readRecorded = (page: Page): Promise<Recorded> =>
  page.evaluate(() => (globalThis as unknown as { recorded: Recorded }).recorded)

const round = (value = 0): number => Math.round(value * 10) / 10

const [held, rate, seconds] = [Number(values.held), Number(values.rate), Number(values.seconds)]
const digest = digestSources('packages/dashboard/src', 'test/dashboard/load')
await using mock = await startMock()
const dashboardUrl = `${mock.url}/__sendbox/ui/`
// The first request builds the page.
await (await fetch(dashboardUrl)).arrayBuffer()
await using browser = await launchChromium()
const loadBefore = loadavg()[0]
const paints = await measurePaints(browser, dashboardUrl, Number(values.opens))
// A page of the mock without script and style: how long this browser takes by itself.
const barePaints = await measurePaints(
  browser,
  `${mock.url}/__sendbox/health`,
  Number(values.opens),
)
const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
// tsx names functions by a helper of its own, which the page does not have.
await page.addInitScript('globalThis.__name = value => value')
await page.goto(`${dashboardUrl}#/12345678/calls`)
await page.getByRole('status').getByText('live').waitFor()
await runCalls({ url: mock.url, calls: held, rate: 2000 })
await page.getByRole('region', { name: `${held} calls` }).waitFor()
await startScrolling(page)
const calls = await runCalls({ url: mock.url, calls: rate * seconds, rate })
const { tasks, frames } = await readRecorded(page)
const ordered = frames.toSorted((one, other) => one - other)
const result = {
  date: new Date().toISOString().slice(0, 10),
  digest,
  node: process.version,
  chromium: browser.version(),
  cores: availableParallelism(),
  loadBefore: round(loadBefore),
  loadAfter: round(loadavg()[0]),
  firstPaintMedianMs: round(paints[Math.floor(paints.length / 2)]),
  firstPaintLongestMs: round(paints.at(-1)),
  bareFirstPaintMedianMs: round(barePaints[Math.floor(barePaints.length / 2)]),
  opens: paints.length,
  callsHeld: held,
  callsPerSecond: round(calls.perSecond),
  seconds,
  framesPerSecond: round(frames.length / calls.seconds),
  frameP99Ms: round(ordered[Math.floor(ordered.length * 0.99)]),
  tasksOver50Ms: tasks.length,
  tasksOver100Ms: tasks.filter(duration => duration > 100).length,
  longestTaskMs: round(Math.max(0, ...tasks)),
}
process.stdout.write(`${JSON.stringify(result, null, 2)}\n`)
if (values.out !== undefined) {
  const folder = fileURLToPath(new URL('./results/', import.meta.url))
  mkdirSync(folder, { recursive: true })
  writeFileSync(`${folder}${values.out}.json`, `${JSON.stringify(result, null, 2)}\n`)
}
process.exitCode = result.tasksOver100Ms === 0 && result.firstPaintMedianMs < 150 ? 0 : 1
