import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, renameSync, rmdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { findGo } from './toolchain.ts'
import { buildTags } from './versions.ts'

const root = join(import.meta.dirname, '../..')
const run = promisify(execFile)

/** Where the tools are that Go builds, inside this clone. */
export const chartTools = join(root, '.tools/charts')

/** @param at `package@version` of a command. Its program, whether it is installed yet or not. */
export const programOf = (at: string) => join(chartTools, at.replaceAll('/', '_'), commandName(at))

/**
 * Builds a command from its module, once per version: the first of them takes minutes on a small machine.
 * @throws one sentence when there is no Go, otherwise what Go says
 */
export async function installCommand(at: string): Promise<void> {
  const program = programOf(at)
  if (existsSync(program)) return
  console.log(`  ${at} (go install)`)
  const building = `${dirname(program)}.building`
  const tags = buildTags[at] === undefined ? [] : [`-tags=${buildTags[at]}`]
  await go(['install', '-trimpath', '-ldflags=-s -w', ...tags, at], { GOBIN: building })
  mkdirSync(dirname(program), { recursive: true })
  renameSync(join(building, basename(program)), program)
  rmdirSync(building)
}

export interface Build {
  /** Directory with a go.mod, which also gets the program. */
  module: string
  name: string
  path: string
  ldflags: string
}

/** Builds one command of the modules that a go.mod requires; its go.sum is written from the checksum database. */
export async function buildProgram({ module, name, path, ldflags }: Build): Promise<void> {
  const args = ['build', '-mod=mod', '-trimpath', `-ldflags=${ldflags}`, '-o', name, path]
  await go(args, { CGO_ENABLED: '0' }, module)
}

/** @param at `module@version`. The directory of its files, downloaded when it is not there. */
export const moduleDirectory = async (at: string) => (await downloadModule(at)).Dir

/** @param at `module@version` */
export async function downloadModule(at: string): Promise<{ Dir: string; GoMod: string }> {
  return JSON.parse(await go(['mod', 'download', '-json', at])) as { Dir: string; GoMod: string }
}

async function go(args: string[], env: NodeJS.ProcessEnv = {}, cwd = tmpdir()): Promise<string> {
  const program = await findGo(chartTools)
  try {
    // Below everything else that runs; by default outside of any module, so that no go.mod has a say.
    const options = {
      cwd,
      env: { ...process.env, GOWORK: 'off', ...env },
      maxBuffer: 100_000_000,
    }
    return (await run('nice', [program, ...args], options)).stdout
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string }
    throw new Error(`go ${args.join(' ')}: ${stderr || stdout}`, { cause: error })
  }
}

/** The last part of the package's path, or the one before when that is a major version. */
function commandName(at: string): string {
  const parts = at.replace(/@.*/, '').split('/')
  return parts.findLast((part) => !/^v\d+$/.test(part)) ?? at
}
