import { spawn } from 'node:child_process'
import { createWriteStream, mkdirSync, rmSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { apiCallsDirectory } from '../openapi/api-calls.ts'
import { createDigest, type Totals } from './tap-digest.ts'

const root = join(import.meta.dirname, '../..')
// Reaches the processes of the tests and those they start, so that check-api-coverage.ts knows what was called.
const nodeOptions = `${process.env.NODE_OPTIONS ?? ''} --import=${import.meta.resolve('./record-api-calls.ts')}`

/**
 * Runs tap over the files, or over all that .taprc includes, and prints one line per file and everything about a
 * failure. The whole of tap's output is kept in .comanda/test, as `name`.tap. The run named results is the one whose calls
 * of the API count.
 * @returns tap's own count of assertions; at least one failed when tap itself did
 */
export async function runTap(files: string[], name = 'results'): Promise<Totals> {
  const results = join(root, `.comanda/test/${name}.tap`)
  mkdirSync(dirname(results), { recursive: true })
  const kept = createWriteStream(results)
  if (name === 'results') rmSync(apiCallsDirectory, { recursive: true, force: true })
  const tap = spawn(join(root, 'node_modules/.bin/tap'), ['run', '--reporter=tap', ...files], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      NODE_OPTIONS: nodeOptions,
      PATH: `${dirname(process.execPath)}${delimiter}${process.env.PATH}`,
    },
  })
  const exited = new Promise<number | null>((resolve, reject) => {
    tap.once('error', reject)
    tap.once('exit', resolve)
  })
  const digest = createDigest((line) => console.log(line))
  for await (const line of createInterface({ input: tap.stdout })) {
    kept.write(`${line}\n`)
    digest.read(line)
  }
  const code = await exited
  kept.end()
  const { passed, failed } = digest.totals()
  return { passed, failed: code === 0 ? failed : Math.max(failed, 1) }
}
