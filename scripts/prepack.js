// The first step of each package's prepack: sets up, and removes the last build, so that a tarball holds the source as it is now.
import { copyFileSync, rmSync } from 'node:fs'
import { setup } from './setup.js'

if (!process.env.npm_config_user_agent?.startsWith('pnpm/')) {
  process.stderr.write(
    'Only pnpm writes the versions of the workspace into the manifest. Run npm run tarballs in the root of Sendbox.\n',
  )
  process.exit(1)
}
setup()
rmSync('dist', { recursive: true, force: true })
copyFileSync(new URL('../LICENSE', import.meta.url), 'LICENSE')
