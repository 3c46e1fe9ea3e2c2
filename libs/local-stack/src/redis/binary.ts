import type { Say } from '../progress.ts'
import { findOrInstallProgram } from '../system/programs.ts'

/**
 * Finds the path of redis-server (or of Valkey's, which speaks the same protocol). When there is none, the machine's package
 * manager installs it, provided that needs no password.
 * @throws Error with one sentence that says what to install
 */
export function findRedisServer(say: Say): Promise<string> {
  return findOrInstallProgram(
    {
      names: ['redis-server', 'valkey-server'],
      directories: ['/opt/homebrew/opt/redis/bin'],
      packages: { brew: 'redis', 'apt-get': 'redis-server', dnf: 'redis' },
      missing:
        'redis-server is not installed and could not be installed from here: install Redis 7 or later (`apt-get install redis-server`, `dnf install redis` or `brew install redis`) and try again.',
    },
    say,
  )
}
