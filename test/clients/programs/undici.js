const [name, ...urls] = process.argv.slice(2)
const { request, fetch } = await import(name)

for (const url of urls) {
  const { statusCode, body } = await request(url)
  console.log(JSON.stringify([statusCode, await body.json()]))
  const response = await fetch(url)
  console.log(JSON.stringify([response.status, await response.json()]))
}
