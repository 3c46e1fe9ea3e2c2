import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { sayOnTerminal } from '../../libs/local-stack/src/progress.ts'
import { findOrInstallProgram } from '../../libs/local-stack/src/system/programs.ts'

const run = promisify(execFile)
const root = join(import.meta.dirname, '../..')

// What openapi-python-client, the clients that it makes, and schemathesis ask for.
const oldestMinor = 11
const packages = { 'apt-get': 'python3-pip', dnf: 'python3-pip', brew: 'python3' }

/** The packages of one purpose. */
export interface PythonPackages {
  /** What they are for, to stand before "needs Python", as in `Making the Python client`. */
  purpose: string
  /** What is said while they are installed. */
  program: string
  /** The folder for them under `.tools`. */
  folder: string
  /** The file with their versions and hashes. */
  requirements: string
}

/**
 * Installs Python packages with pip into this clone, once per change of their requirements and per version of Python.
 * @returns the variables with which `python3` and the packages' own programs find them
 * @throws one sentence when there is no Python that is new enough, or it has no pip; otherwise what pip says
 */
export async function installPythonPackages(
  wanted: PythonPackages,
): Promise<{ PATH: string; PYTHONPATH: string }> {
  const missing = `${wanted.purpose} needs Python 3.${oldestMinor} or later with pip: install python3 and python3-pip with your package manager, or Python from https://www.python.org/downloads.`
  const python = await findOrInstallProgram({ names: ['python3'], packages, missing }, sayOnTerminal)
  const version = await versionOf(python, missing)
  const digest = createHash('sha256').update(readFileSync(wanted.requirements)).digest('hex').slice(0, 12)
  const own = join(root, '.tools', wanted.folder, `python${version}-${digest}`)
  if (!existsSync(own)) await install(python, wanted, own, missing)
  return { PATH: [join(own, 'bin'), process.env['PATH']].join(delimiter), PYTHONPATH: own }
}

/** The version without its patch, as in 3.11, for which compiled packages are built. */
async function versionOf(python: string, missing: string): Promise<string> {
  const program = 'import sys; print("%d.%d" % sys.version_info[:2])'
  const { stdout } = await run(python, ['-c', program]).catch(() => ({ stdout: '' }))
  const [, minor] = /^3\.(\d+)$/.exec(stdout.trim()) ?? []
  if (Number(minor ?? 0) < oldestMinor) throw new Error(missing)
  return stdout.trim()
}

async function install(
  python: string,
  { program, requirements }: PythonPackages,
  target: string,
  missing: string,
): Promise<void> {
  console.log(`  ${program} (pip)`)
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
  mkdirSync(dirname(target), { recursive: true })
  // No build from source: that would need a compiler for Rust.
  const options = ['--quiet', '--require-hashes', '--only-binary=:all:', '--target', installing]
  await pip(['install', ...options, '--requirement', requirements])
  renameSync(installing, target)
}
