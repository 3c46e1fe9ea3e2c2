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
  needsRoot: boolean
}

const installers: Installer[] = [
  { manager: 'brew', args: ['install', '--quiet', 'redis'], needsRoot: false },
  {
    manager: 'apt-get',
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
    const command = installCommand(installer)
    if (command === null) continue
    const installed = await step(say, `redis-server is missing: ${command.join(' ')}`, () =>
      succeeds(command),
    )
    const path = findProgram(programs)
    if (installed && path !== null) return path
  }
  throw new Error(
    'redis-server is not installed and could not be installed from here: install Redis 7 or later (`apt-get install redis-server`, `dnf install redis` or `brew install redis`) and try again.',
  )
}

function installCommand(installer: Installer): string[] | null {
  const manager = findProgram([installer.manager])
  if (manager === null) return null
  const command = [manager, ...installer.args]
  if (!installer.needsRoot || process.getuid?.() === 0) return command
  const sudo = findProgram(['sudo'])
  return sudo === null ? null : [sudo, '--non-interactive', ...command]
}

function succeeds(command: string[]): Promise<boolean> {
  return new Promise((resolve) => {
    const [program = '', ...args] = command
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
