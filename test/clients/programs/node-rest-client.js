const [name, ...urls] = process.argv.slice(2)
const { Client } = (await import(name)).default
const client = new Client()

for (const url of urls) {
  const [body, { statusCode }] = await new Promise((resolve, reject) => {
    client.get(url, (...answer) => resolve(answer)).on('error', reject)
  })
  console.log(JSON.stringify([statusCode, body]))
}
