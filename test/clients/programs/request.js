const [name, ...urls] = process.argv.slice(2)
const { default: request } = await import(name)

for (const url of urls) {
  const { statusCode, body } = await new Promise((resolve, reject) => {
    request({ url, json: true }, (error, response) => (error ? reject(error) : resolve(response)))
  })
  console.log(JSON.stringify([statusCode, body]))
}
