import { spawnSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generateRestClient } from '../libs/client/generate.ts'

// Writes the generated half of the REST client from services/*/openapi.json; with --check it only says how they differ,
// and fails when they do.
const committed = 'libs/client/src/rest/generated'
const root = join(import.meta.dirname, '..')

async function check(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'comanda-rest-client-'))
  try {
    await generateRestClient(folder)
    const diff = spawnSync('diff', ['-r', '-u', '-N', committed, folder], { cwd: root, encoding: 'utf8' })
    if (diff.status === 0) return
    console.log(`${diff.stdout.split('\n').slice(0, 60).join('\n')}${diff.stderr}`)
    console.log(`${committed} is not what the document describes: run \`make openapi\` and commit it.`)
    process.exitCode = 1
  } finally {
    await rm(folder, { recursive: true })
  }
}

if (process.argv.includes('--check')) await check()
else {
  await generateRestClient(join(root, committed))
  console.log(`wrote ${committed}`)
}
