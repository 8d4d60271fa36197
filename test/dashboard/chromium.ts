import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

/** Where Debian and others have Chromium; `CHROMIUM` names another place. */
const places = [process.env['CHROMIUM'], '/usr/bin/chromium', '/usr/bin/chromium-browser']

const executablePath = places.find(path => path !== undefined && existsSync(path))

/** Why there is no browser, if there is none. */
export const chromiumIsMissing =
  executablePath === undefined
    ? 'Chromium is missing: apt-get install chromium, or name it in CHROMIUM'
    : undefined

/** Chromium asks nobody for updates or models, and needs no sandbox of its own in a container. */
const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** Starts Chromium; rejects with {@link chromiumIsMissing} where there is none. */
export async function launchChromium(): Promise<Browser> {
  if (executablePath === undefined) throw new Error(chromiumIsMissing)
  return chromium.launch({ executablePath, args })
}
