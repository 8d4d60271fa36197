// Reads the stream of events of a mock until it is ended, as cheaply as it can: it shares the cores with what is measured. Says on demand how
// many events the stream has had, which their ids count.
import { get } from 'node:http'

const numbers = /^id: .*-(\d+)$/gm

get(`${process.argv[2]}/__sendbox/events`, response => {
  if (response.statusCode !== 200) throw new Error(`The stream was refused: ${response.statusCode}`)
  let last = Buffer.alloc(0)
  let before = last
  response.on('data', chunk => {
    before = last
    last = chunk
  })
  process.on('message', () => {
    const found = [...Buffer.concat([before, last]).toString().matchAll(numbers)].at(-1)
    process.send(Number(found?.[1] ?? 0))
  })
  process.send(0)
})
