const [name, ...urls] = process.argv.slice(2)
const { default: superagent } = await import(name)

for (const url of urls) {
  const { status, body } = await superagent.get(url)
  console.log(JSON.stringify([status, body]))
}
