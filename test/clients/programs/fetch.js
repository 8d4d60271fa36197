for (const url of process.argv.slice(3)) {
  const response = await fetch(url)
  console.log(JSON.stringify([response.status, await response.json()]))
}
