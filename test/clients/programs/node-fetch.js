const [name, ...urls] = process.argv.slice(2)
const { default: fetch } = await import(name)

for (const url of urls) {
  const response = await fetch(url)
  console.log(JSON.stringify([response.status, await response.json()]))
}
