// GETs by the modules of Node: imported in each way, and with CAs of the connector's own.
import { get as getHttp } from 'node:http'
import * as https from 'node:https'
import { createRequire } from 'node:module'
import { json } from 'node:stream/consumers'
import { rootCertificates } from 'node:tls'

const require = createRequire(import.meta.url)
const agent = new https.Agent({ ca: rootCertificates.slice(0, 5), keepAlive: true })
const ways = {
  'http:': [getHttp, require('node:http').get, getHttp],
  'https:': [
    https.get,
    require('node:https').get,
    (url, listener) => https.get(url, { agent }, listener),
  ],
}

for (const url of process.argv.slice(3))
  for (const get of ways[new URL(url).protocol]) {
    const response = await new Promise((resolve, reject) => {
      get(url, resolve).on('error', reject)
    })
    console.log(JSON.stringify([response.statusCode, await json(response)]))
  }
agent.destroy()
