import { render } from 'preact'
import { App } from './app/app.tsx'
import { startFocus, startKeys } from './app/keys.ts'
import { startStream } from './live/mock.ts'

startStream()
startKeys()
startFocus()
render(<App />, document.body)
