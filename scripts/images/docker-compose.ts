import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, renameSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { moduleDirectory } from '../charts/go.ts'
import { root } from './buildah.ts'

const run = promisify(execFile)

/** A version on the Go module proxy, which is checked against the checksum database. */
const version = 'v2.40.3'
const program = join(root, `.tools/images/docker-compose-${version}`)

/** Builds docker compose from its module, once per version: the first time takes minutes on a small machine. */
export async function installDockerCompose(): Promise<void> {
  if (existsSync(program)) return
  const module = `github.com/docker/compose/v2@${version}`
  console.log(`  ${module} (go build)`)
  mkdirSync(dirname(program), { recursive: true })
  // `go install` refuses it, because its go.mod excludes a version of something.
  const source = await moduleDirectory(module)
  const args = ['build', '-C', source, '-trimpath', '-ldflags=-s -w', '-o', `${program}.building`, './cmd']
  await run('nice', ['go', ...args], { env: { ...process.env, GOWORK: 'off', GOFLAGS: '-mod=readonly' } })
  renameSync(`${program}.building`, program)
}

/** Runs docker compose, which needs no Docker to read a file. @throws with what it says */
export async function dockerCompose(folder: string, ...args: string[]): Promise<string> {
  try {
    return (await run(program, args, { cwd: folder, maxBuffer: 10_000_000 })).stdout
  } catch (error) {
    throw new Error((error as { stderr: string }).stderr, { cause: error })
  }
}
