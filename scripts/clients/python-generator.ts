import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { sayOnTerminal } from '../../libs/local-stack/src/progress.ts'
import { findOrInstallProgram } from '../../libs/local-stack/src/system/programs.ts'

const run = promisify(execFile)
const root = join(import.meta.dirname, '../..')
const requirements = join(import.meta.dirname, 'requirements.txt')

// What openapi-python-client and the clients that it makes ask for.
const oldestMinor = 11
const missing = `Making the Python client needs Python 3.${oldestMinor} or later with pip: install python3 and python3-pip with your package manager, or Python from https://www.python.org/downloads.`
const packages = { 'apt-get': 'python3-pip', dnf: 'python3-pip', brew: 'python3' }

/**
 * Installs openapi-python-client with pip into this clone, once per change of requirements.txt and per version of Python.
 * @returns the variables with which `python3` and `openapi-python-client` find it
 * @throws one sentence when there is no Python that is new enough, or it has no pip; otherwise what pip says
 */
export async function installPythonGenerator(): Promise<{ PATH: string; PYTHONPATH: string }> {
  const python = await findOrInstallProgram({ names: ['python3'], packages, missing }, sayOnTerminal)
  const version = await versionOf(python)
  const digest = createHash('sha256').update(readFileSync(requirements)).digest('hex').slice(0, 12)
  const own = join(root, '.tools/clients', `python${version}-${digest}`)
  if (!existsSync(own)) await install(python, own)
  return { PATH: [join(own, 'bin'), process.env['PATH']].join(delimiter), PYTHONPATH: own }
}

/** The version without its patch, as in 3.11, for which compiled packages are built. */
async function versionOf(python: string): Promise<string> {
  const program = 'import sys; print("%d.%d" % sys.version_info[:2])'
  const { stdout } = await run(python, ['-c', program]).catch(() => ({ stdout: '' }))
  const [, minor] = /^3\.(\d+)$/.exec(stdout.trim()) ?? []
  if (Number(minor ?? 0) < oldestMinor) throw new Error(missing)
  return stdout.trim()
}

async function install(python: string, target: string): Promise<void> {
  console.log('  openapi-python-client (pip)')
  // Debian's Python comes without pip.
  const pip = (args: string[]) => run(python, ['-m', 'pip', ...args])
  const hasPip = () =>
    pip(['--version']).then(
      () => true,
      () => false,
    )
  if (!(await hasPip())) await findOrInstallProgram({ names: ['pip3'], packages, missing }, sayOnTerminal)
  if (!(await hasPip())) throw new Error(missing)
  const installing = `${target}.installing`
  rmSync(installing, { recursive: true, force: true })
  mkdirSync(join(root, '.tools/clients'), { recursive: true })
  // No build from source: that would need a compiler for Rust.
  const options = ['--quiet', '--only-binary=:all:', '--target', installing, '--requirement', requirements]
  await pip(['install', ...options])
  renameSync(installing, target)
}
