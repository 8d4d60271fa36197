const [name, ...urls] = process.argv.slice(2)
const { default: axios } = await import(name)

for (const url of urls) {
  const { status, data } = await axios.get(url)
  console.log(JSON.stringify([status, data]))
}
