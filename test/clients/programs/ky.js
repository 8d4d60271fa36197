const [name, ...urls] = process.argv.slice(2)
const { default: ky } = await import(name)

for (const url of urls) {
  const response = await ky.get(url, { retry: 0 })
  console.log(JSON.stringify([response.status, await response.json()]))
}
