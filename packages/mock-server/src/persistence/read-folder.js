// The child process that reads a whole data folder: LMDB may end the process that reads a damaged one. Prints one line of JSON, a
// `FolderReading` of check-folder.ts. Written in JavaScript, so that Node runs the same file from source and from the package.
import { open } from 'lmdb'
import { decodeRow } from './row-codec.js'

const [, , folder = ''] = process.argv

/** More are counted only. */
const maxProblems = 20

const counts = { accounts: 0, rows: 0, conversations: 0, entries: 0, files: 0, deliveries: 0 }
/** @type {Readonly<Record<string, keyof typeof counts>>} */
const countOf = {
  conversation: 'conversations',
  entry: 'entries',
  file: 'files',
  delivery: 'deliveries',
}
/** @type {string[]} */
const problems = []
let problemCount = 0
/** @type {Set<number | string | undefined>} */
const named = new Set()
/** @type {Map<string, number>} */
const lastOf = new Map()

/** @param {string} problem */
function report(problem) {
  problemCount += 1
  if (problems.length < maxProblems) problems.push(problem)
}

/**
 * Entries of a list have consecutive numbers.
 * @param {readonly (number | string)[]} key
 */
function checkOrder(key) {
  const list = JSON.stringify(key.slice(0, -1))
  const number = Number(key.at(-1))
  const last = lastOf.get(list)
  if (last !== undefined && number !== last + 1)
    report(`rows ${last + 1} to ${number - 1} of ${list} are missing`)
  lastOf.set(list, number)
}

/** @param {readonly (number | string)[]} key */
function count(key) {
  const [account, kind] = key
  counts.rows += 1
  if (account === 'account') {
    counts.accounts += 1
    named.add(kind)
    return
  }
  const counted = countOf[String(kind)]
  if (counted) counts[counted] += 1
  if (kind === 'entry' || kind === 'chatState') checkOrder(key)
}

const root = open({ path: folder, readOnly: true })
/** @type {import('lmdb').Database<Uint8Array, (number | string)[]> | undefined} */
const rows = root.openDB('rows', { encoding: 'binary' })
/** @type {Set<number | string | undefined>} */
const accounts = new Set()
for (const { key, value } of rows?.getRange() ?? []) {
  if (key[0] !== 'account') accounts.add(key[0])
  count(key)
  try {
    decodeRow(key, value)
  } catch (error) {
    report(error instanceof Error ? error.message : String(error))
  }
}
// Format 1 had these, without checksums.
for (const name of ['documents', 'files'])
  for (const { value } of root.openDB(name, { encoding: 'binary' })?.getRange() ?? [])
    if (name === 'documents') JSON.parse(Buffer.from(value).toString('utf8'))
for (const account of accounts)
  if (!named.has(account)) report(`the row that names account ${account} is missing`)
process.stdout.write(`${JSON.stringify({ counts, problems, problemCount })}\n`)
await root.close()
