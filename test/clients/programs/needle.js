const [name, ...urls] = process.argv.slice(2)
const { default: needle } = await import(name)

for (const url of urls) {
  const { statusCode, body } = await needle('get', url)
  console.log(JSON.stringify([statusCode, body]))
}
