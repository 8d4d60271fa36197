import { expect } from 'vitest'
import { advance } from '../calls.ts'
import { askDownload, askUpload, download, upload } from '../files.ts'
import { send } from '../requests.ts'
import { answers, type Expectation, type Row, refuses, refusesAt } from '../row.ts'
import { nowMs } from '../world.ts'

const ask = (body: object) => send({ type: 'ms.GenerateURLForUploadFile', body })

const upTo60s = String(Math.floor(nowMs / 1000) + 60)

const uuid = '[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}'

/** Expects a URL whose path ends in this date and type, for a minute from when the row began. */
const givesUrl = (ending: string): Expectation =>
  answers(200, {
    code: 'OK',
    body: {
      relativePath: expect.stringMatching(
        new RegExp(`^/v1/AUTH_async-images/12345678/[0-9a-f]{64}_uuid_${uuid}_${ending}$`),
      ),
      queryParams: {
        temp_url_sig: expect.stringMatching(/^[0-9a-f]{40}$/),
        temp_url_expires: upTo60s,
      },
    },
    reqId: '1',
  })

const askFor = (relativePath: string) =>
  send({ type: 'ms.GenerateURLForDownloadFile', body: { relativePath } })

const anyDate = String.raw`\d\d-\d\d-\d{4}_\d\d-\d\d-\d\d-\d{3}`

/** Expects the URL of the same file. */
const givesSameFile: Expectation = async (answer, world) => {
  const relativePath = world.memory.file?.relativePath
  await answers(200, {
    code: 'OK',
    body: { relativePath, queryParams: expect.anything() },
    reqId: '1',
  })(answer, world)
}

/** The URLs of files. */
export const fileUrlRows: readonly Row[] = [
  {
    rule: 'URL-1',
    sentence: 'takes the size as text and as a number',
    settings: { mode: 'strict' },
    steps: [
      [ask({ fileSize: '4', fileType: 'PNG' }), givesUrl(String.raw`${anyDate}\.PNG`)],
      [ask({ fileSize: 4, fileType: 'PNG' }), givesUrl(String.raw`${anyDate}\.PNG`)],
    ],
  },
  {
    rule: 'URL-1',
    sentence: 'refuses a size that is no number of bytes, and a missing size or type',
    steps: [
      [ask({ fileSize: 'large', fileType: 'PNG' }), refusesAt('/body/fileSize')],
      [ask({ fileSize: 1.5, fileType: 'PNG' }), refusesAt('/body/fileSize')],
      [ask({ fileSize: -1, fileType: 'PNG' }), refusesAt('/body/fileSize')],
      [ask({ fileType: 'PNG' }), refusesAt('/body/fileSize')],
      [ask({ fileSize: 4 }), refusesAt('/body/fileType')],
    ],
  },
  {
    rule: 'URL-2',
    sentence: 'gives a URL to download a file by its relativePath',
    steps: [
      [askUpload(), answers(200)],
      [upload('abcd'), answers(201)],
      [askDownload, givesSameFile],
      [download(), answers(200)],
    ],
  },
  {
    rule: 'URL-2',
    sentence: 'refuses a download without relativePath',
    steps: [
      [send({ type: 'ms.GenerateURLForDownloadFile', body: {} }), refusesAt('/body/relativePath')],
    ],
  },
  {
    rule: 'URL-2a',
    sentence: 'refuses to sign the download of a path that is not of a file of the own account',
    steps: [
      [askFor('/v1/AUTH_async-images/other/file.png'), refusesAt('/body/relativePath')],
      [askFor('/v1/AUTH_async-images/'), refusesAt('/body/relativePath')],
      [askFor('/etc/passwd'), refusesAt('/body/relativePath')],
      [askFor('file.png'), refusesAt('/body/relativePath')],
    ],
  },
  {
    rule: 'URL-3.1',
    sentence: 'gives a URL in the documented form',
    steps: [[askUpload(), givesUrl(String.raw`${anyDate}\.PNG`)]],
  },
  {
    rule: 'URL-3.1',
    sentence: 'gives a URL that lives for 60 s',
    steps: [
      [askUpload(), answers(200)],
      [advance(59_000), answers(200)],
      [upload('abcd'), answers(201)],
      [advance(1000), answers(200)],
      [upload('abcd'), refuses(40151)],
    ],
  },
  {
    rule: 'URL-3.2',
    sentence: 'writes the day before the month',
    steps: [[askUpload({ fileType: 'GIF' }), givesUrl(String.raw`03-11-2026_04-05-06-007\.GIF`)]],
  },
]
