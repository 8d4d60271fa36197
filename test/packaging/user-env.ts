import { delimiter } from 'node:path'

/** Variables of the runner's; those by which a machine reaches a registry, `npm_config_…` and `NODE_EXTRA_CA_CERTS`, stay. */
const ofRunner = /^(npm_(?!config_)|npm_config_user_agent$|NODE_(ENV|OPTIONS|PATH)$|VITEST)/i

/** The environment of a user who has Node and npm: no pnpm on the path, nothing of the runner's. */
export const userEnv = (): NodeJS.ProcessEnv =>
  Object.fromEntries(
    Object.entries(process.env)
      .filter(([name]) => !ofRunner.test(name))
      .map(([name, value]) => [
        name,
        name === 'PATH'
          ? value
              ?.split(delimiter)
              .filter(path => !path.includes('node_modules'))
              .join(delimiter)
          : value,
      ]),
  )
