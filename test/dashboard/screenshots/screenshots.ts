// Draws each room of the dashboard into docs/dashboard: the same pictures whenever it runs, given the same fonts (fonts-dejavu,
// fonts-noto-color-emoji) and Chromium.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { startMockServer } from '@sendbox/mock-server'
import type { Browser, Page } from 'playwright-core'
import { launchChromium } from '../chromium.ts'
import { fillMock, pictureTime } from './fill-mock.ts'

const folder = fileURLToPath(new URL('../../../docs/dashboard/', import.meta.url))

/** The fonts that the stylesheet names, and one for emoji. */
const fonts = ['DejaVu Sans', 'DejaVu Sans Mono', 'Noto Color Emoji']

function checkFonts(): void {
  const known = execFileSync('fc-list', [':', 'family'], { encoding: 'utf8' })
  const missing = fonts.filter(font => !known.includes(font))
  if (missing.length > 0)
    throw new Error(
      `${missing.join(', ')} missing: apt-get install fonts-dejavu fonts-noto-color-emoji`,
    )
}

/** A picture of a parcel's label, as an agent would send it. */
async function drawPhoto(browser: Browser): Promise<Buffer> {
  const page = await browser.newPage({ viewport: { width: 260, height: 130 } })
  await page.setContent(
    '<body style="margin:0;display:grid;place-items:center;height:100vh;background:#e9dcc4;font:600 20px DejaVu Sans;color:#5b4420">📦 NL 2026-0105</body>',
  )
  const photo = await page.screenshot()
  await page.close()
  return photo
}

/** Writes what differs from run to run as one value: durations, and ports. */
const settle = (page: Page): Promise<void> =>
  page.evaluate(() => {
    document.body.normalize()
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    for (let node = walker.nextNode(); node; node = walker.nextNode())
      node.nodeValue = (node.nodeValue ?? '')
        .replaceAll(/\d+(\.\d+)?(?= ms)/g, (_, fraction?: string) => (fraction ? '1.2' : '4'))
        .replaceAll(/127\.0\.0\.1:\d+/g, '127.0.0.1:3000')
  })

/** The most by which a channel of a pixel differs between two drawings of one page: Chromium rounds the edges of boxes now so, now so. */
const maxRounding = 2

/** Whether two pictures show the same. */
const isSame = (page: Page, pictures: readonly Buffer[]): Promise<boolean> =>
  page.evaluate(
    async ({ urls, rounding }) => {
      const drawn: Uint8ClampedArray[] = []
      for (const url of urls) {
        const image = new Image()
        image.src = url
        await image.decode()
        const context = new OffscreenCanvas(image.width, image.height).getContext('2d')
        context?.drawImage(image, 0, 0)
        const data = context?.getImageData(0, 0, image.width, image.height).data
        if (data) drawn.push(data)
      }
      const [one, other] = drawn
      return (
        one !== undefined &&
        other?.length === one.length &&
        one.every((value, index) => Math.abs(value - (other[index] ?? 0)) <= rounding)
      )
    },
    {
      urls: pictures.map(bytes => `data:image/png;base64,${bytes.toString('base64')}`),
      rounding: maxRounding,
    },
  )

/** Writes a picture, unless the stored one shows the same. */
async function save(page: Page, file: string, picture: Buffer): Promise<void> {
  if (existsSync(file) && (await isSame(page, [readFileSync(file), picture]))) return
  writeFileSync(file, picture)
  process.stdout.write(`${file}\n`)
}

checkFonts()
await using server = await startMockServer({ seed: 'pictures', now: () => pictureTime })
const account = server.account()
await using browser = await launchChromium()
const { conversationId, refusedId, stop } = await fillMock(
  { server, account },
  await drawPhoto(browser),
)
const wide = { width: 1440, height: 900 }
const narrow = { width: 360, height: 740 }

/** The pictures: name, place, size, and how the page is prepared. */
const pictures: readonly {
  readonly name: string
  readonly place: string
  readonly size?: { readonly width: number; readonly height: number }
  readonly prepare?: (page: Page) => Promise<void>
}[] = [
  { name: 'conversations', place: `conversations/${conversationId}` },
  { name: 'conversations-narrow', place: `conversations/${conversationId}`, size: narrow },
  { name: 'calls', place: `calls/${refusedId}` },
  { name: 'webhooks', place: 'webhooks/delivery-2' },
  { name: 'trouble', place: 'trouble' },
  {
    name: 'verify',
    place: 'verify?operation=send&event=ContentEvent&consumer=max&status=400',
    prepare: page => page.getByRole('button', { name: 'Verify' }).click(),
  },
  { name: 'rules', place: 'rules?differs=true' },
]

mkdirSync(folder, { recursive: true })
const blank = await browser.newPage()
for (const colorScheme of ['light', 'dark'] as const) {
  for (const { name, place, size = wide, prepare } of pictures) {
    const context = await browser.newContext({
      colorScheme,
      viewport: size,
      locale: 'en-GB',
      timezoneId: 'UTC',
      reducedMotion: 'reduce',
    })
    const page = await context.newPage()
    await page.clock.setFixedTime(pictureTime)
    await page.goto(`${server.dashboardUrl}#/${account.accountId}/${place}`)
    await page.getByRole('status').getByText('live').waitFor()
    if (prepare) await prepare(page)
    await page.waitForTimeout(700)
    await settle(page)
    await save(blank, `${folder}${name}-${colorScheme}.png`, await page.screenshot())
    await context.close()
  }
}
stop()
