// Reads the stream of events of a mock until it is ended; counts the events for whoever asks.
const response = await fetch(`${process.argv[2]}/__sendbox/events`)
if (!response.ok) throw new Error(`The stream was refused: ${response.status}`)
let events = 0
process.on('message', () => process.send(events))
process.send(0)
const decoder = new TextDecoder()
for await (const chunk of response.body)
  for (const line of decoder.decode(chunk, { stream: true }).split('\n'))
    if (line.startsWith('event:')) events += 1
