import { render } from 'preact'
import { App } from './app/app.tsx'
import { startFocus, startKeys } from './app/keys.ts'
import { startStream } from './live/mock.ts'

startStream()
startKeys()
startFocus()
// In place of the header that was painted while this loaded.
document.body.replaceChildren()
render(<App />, document.body)
