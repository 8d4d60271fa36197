import { spawnSync } from 'node:child_process'

/** Why a test that pastes curl lines cannot run here; `undefined` where it can. */
export const curlIsMissing: string | undefined = spawnSync('curl', ['--version']).error
  ? 'curl is not on this machine (Debian: apt-get install curl)'
  : undefined
