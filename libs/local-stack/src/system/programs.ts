import { spawn } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { type Say, step } from '../progress.ts'

const moreDirectories = ['/usr/bin', '/usr/local/bin', '/usr/sbin', '/opt/homebrew/bin']

type Manager = 'brew' | 'apt-get' | 'dnf'

export interface WantedProgram {
  /** Names of the program, of which any will do. */
  names: string[]
  /** Where it may be besides PATH. */
  directories?: string[]
  /** The name of its package in each package manager that has it. */
  packages: Partial<Record<Manager, string>>
  /** One sentence for a person, when all else failed. */
  missing: string
}

interface Installer {
  manager: Manager
  args: string[]
  /** Run before a second try: fresh images come without package lists. */
  refresh?: string[]
  needsRoot: boolean
}

const installers: Installer[] = [
  { manager: 'brew', args: ['install', '--quiet'], needsRoot: false },
  {
    manager: 'apt-get',
    refresh: ['update', '-q'],
    args: ['install', '-y', '-q', '--no-install-recommends'],
    needsRoot: true,
  },
  { manager: 'dnf', args: ['install', '-y', '-q'], needsRoot: true },
]

/**
 * Finds the path of a program. When there is none, the machine's package manager installs it, provided that needs no password.
 * @throws Error with the sentence of `missing`
 */
export async function findOrInstallProgram(wanted: WantedProgram, say: Say): Promise<string> {
  const { names, directories = [], packages, missing } = wanted
  const found = findProgram(names, directories)
  if (found !== null) return found
  for (const { manager, args, refresh, needsRoot } of installers) {
    const name = packages[manager]
    const run = name === undefined ? null : runnerOf(manager, needsRoot)
    if (name === undefined || run === null) continue
    await step(say, `${names[0]} is missing: ${manager} ${[...args, name].join(' ')}`, async () => {
      if (!(await run([...args, name])) && refresh && (await run(refresh))) await run([...args, name])
    })
    const path = findProgram(names, directories)
    if (path !== null) return path
  }
  throw new Error(missing)
}

/** Runs the package manager with arguments; null when it is missing or we may not use it without a password. */
function runnerOf(manager: Manager, needsRoot: boolean): ((args: string[]) => Promise<boolean>) | null {
  const path = findProgram([manager])
  if (path === null) return null
  if (!needsRoot || process.getuid?.() === 0) return (args) => succeeds(path, args)
  const sudo = findProgram(['sudo'])
  return sudo === null ? null : (args) => succeeds(sudo, ['--non-interactive', path, ...args])
}

function succeeds(program: string, args: string[]): Promise<boolean> {
  return new Promise((resolve) => {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
    const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'inherit'], env, timeout: 180_000 })
    child.once('error', () => resolve(false))
    child.once('exit', (code) => resolve(code === 0))
  })
}

function findProgram(names: string[], directories: string[] = []): string | null {
  const places = [...(process.env.PATH ?? '').split(delimiter), ...moreDirectories, ...directories]
  for (const name of names) {
    for (const directory of places) {
      const path = join(directory, name)
      try {
        accessSync(path, constants.X_OK)
        return path
      } catch {
        // It is not in this directory.
      }
    }
  }
  return null
}
