import { spawn } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { type Say, step } from '../progress.ts'

const programs = ['redis-server', 'valkey-server']
const moreDirectories = [
  '/usr/bin',
  '/usr/local/bin',
  '/usr/sbin',
  '/opt/homebrew/bin',
  '/opt/homebrew/opt/redis/bin',
]

interface Installer {
  manager: string
  args: string[]
  /** Makes a second try worth it: fresh images come without package lists. */
  refresh?: string[]
  needsRoot: boolean
}

const installers: Installer[] = [
  { manager: 'brew', args: ['install', '--quiet', 'redis'], needsRoot: false },
  {
    manager: 'apt-get',
    refresh: ['update', '-q'],
    args: ['install', '-y', '-q', '--no-install-recommends', 'redis-server'],
    needsRoot: true,
  },
  { manager: 'dnf', args: ['install', '-y', '-q', 'redis'], needsRoot: true },
]

/**
 * The path of redis-server (or of Valkey's, which speaks the same protocol). When there is none, the machine's
 * package manager is asked for it, provided that needs no password.
 * @throws one sentence that says what to install
 */
export async function findRedisServer(say: Say): Promise<string> {
  const found = findProgram(programs)
  if (found !== null) return found
  for (const installer of installers) {
    const run = runnerOf(installer)
    if (run === null) continue
    await step(say, `redis-server is missing: ${installer.manager} ${installer.args.join(' ')}`, async () => {
      if (!(await run(installer.args)) && installer.refresh && (await run(installer.refresh)))
        await run(installer.args)
    })
    const path = findProgram(programs)
    if (path !== null) return path
  }
  throw new Error(
    'redis-server is not installed and could not be installed from here: install Redis 7 or later (`apt-get install redis-server`, `dnf install redis` or `brew install redis`) and try again.',
  )
}

/** Runs the package manager with arguments; null when it is missing or we may not use it without a password. */
function runnerOf(installer: Installer): ((args: string[]) => Promise<boolean>) | null {
  const manager = findProgram([installer.manager])
  if (manager === null) return null
  if (!installer.needsRoot || process.getuid?.() === 0) return (args) => succeeds(manager, args)
  const sudo = findProgram(['sudo'])
  return sudo === null ? null : (args) => succeeds(sudo, ['--non-interactive', manager, ...args])
}

function succeeds(program: string, args: string[]): Promise<boolean> {
  return new Promise((resolve) => {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
    const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'inherit'], env, timeout: 180_000 })
    child.once('error', () => resolve(false))
    child.once('exit', (code) => resolve(code === 0))
  })
}

function findProgram(names: string[]): string | null {
  const directories = [...(process.env.PATH ?? '').split(delimiter), ...moreDirectories]
  for (const name of names) {
    for (const directory of directories) {
      const path = join(directory, name)
      try {
        accessSync(path, constants.X_OK)
        return path
      } catch {
        // Not here; the next directory.
      }
    }
  }
  return null
}
