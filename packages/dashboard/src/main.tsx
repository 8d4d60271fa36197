import { render } from 'preact'
import { App } from './app/app.tsx'
import { startKeys } from './app/palette.tsx'
import { startStream } from './live/mock.ts'

startStream()
startKeys()
render(<App />, document.body)
