const [name, ...urls] = process.argv.slice(2)
const { default: got } = await import(name)

for (const url of urls) {
  const { statusCode, body } = await got(url, { responseType: 'json', retry: { limit: 0 } })
  console.log(JSON.stringify([statusCode, body]))
}
