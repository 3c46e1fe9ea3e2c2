import { spawn } from 'node:child_process'
import { delimiter, join } from 'node:path'
import { text } from 'node:stream/consumers'

const root = join(import.meta.dirname, '../..')
const path = [join(root, 'node_modules/.bin'), process.env.PATH].join(delimiter)

export interface Check {
  name: string
  /** Run from the root; a program of node_modules/.bin needs no path. */
  command: string[]
}

/** Runs it, says in one line whether it passed and how long it took, and then, when it did not, what it printed. */
export async function runCheck({ name, command }: Check): Promise<boolean> {
  const started = performance.now()
  const [file = '', ...args] = command
  const child = spawn(file, args, {
    cwd: root,
    env: { ...process.env, PATH: path },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = new Promise<boolean>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve(code === 0))
  })
  const [output, errors, passed] = await Promise.all([text(child.stdout), text(child.stderr), ended])
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  console.log(`  ${passed ? 'ok    ' : 'FAILED'} ${name.padEnd(18)} ${seconds} s`)
  if (!passed) console.log(`${output}${errors}`.trimEnd().replaceAll(/^/gm, '    '))
  return passed
}
