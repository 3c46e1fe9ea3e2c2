import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { installCommand, programOf } from '../charts/go.ts'
import { oasdiff } from '../charts/versions.ts'
import { severities } from './severities.ts'

const run = promisify(execFile)

export interface Finding {
  /** The check of oasdiff that found it. */
  id: string
  text: string
  /** 1 is a change that harms nobody, 2 a warning, 3 a break. */
  level: 1 | 2 | 3
  /** Both are missing where the change is of the whole document. */
  operation?: string
  path?: string
}

/** Builds oasdiff when it is not there yet, which takes about a minute. */
export const installOasdiff = () => installCommand(oasdiff)

/**
 * What oasdiff says of two documents, with every allOf merged, so that its verdicts are exact.
 * @throws what oasdiff says when it cannot read one of them
 */
export async function findingsOfOasdiff(released: object, current: object): Promise<Finding[]> {
  const directory = await mkdtemp(join(tmpdir(), 'comanda-oasdiff-'))
  const write = async (name: string, content: string) => {
    const file = join(directory, name)
    await writeFile(file, content)
    return file
  }
  try {
    const levels = Object.entries(severities).map(([id, level]) => `${id} ${level}\n`)
    const options = ['--format=json', '--flatten-allof', '--allow-external-refs=false']
    const { stdout } = await run(
      programOf(oasdiff),
      [
        'changelog',
        ...options,
        `--severity-levels=${await write('severities', levels.join(''))}`,
        await write('released.json', JSON.stringify(released)),
        await write('current.json', JSON.stringify(current)),
      ],
      { cwd: directory, maxBuffer: 100_000_000 },
    )
    return JSON.parse(stdout) as Finding[]
  } finally {
    await rm(directory, { recursive: true })
  }
}
