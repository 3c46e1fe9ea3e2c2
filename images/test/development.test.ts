import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import t from 'tap'
import { imageName } from '../../scripts/images/build.ts'
import { root } from '../../scripts/images/buildah.ts'
import { mountImage, runImage, startImage } from '../../scripts/images/run-image.ts'

const image = await mountImage(imageName('development'))
t.teardown(() => image.release())

t.test('node starts again each time that skaffold has copied a file over the one it runs', async (t) => {
  const entry = 'libs/payments/src/sandbox/server.ts'
  const env = { HOST: '127.0.0.1', PORT: '3319' }
  const process = startImage(image, { args: ['--watch', entry], env, writable: true })
  // The watching Node ends the other one then.
  t.teardown(() => process.end('SIGTERM'))
  const said = async (pattern: RegExp, times: number) => {
    while ([...process.output().matchAll(pattern)].length < times) {
      if (process.child.exitCode !== null) throw new Error(process.output())
      await wait(20)
    }
  }
  const listening = /Server listening/g
  await said(listening, 1)

  const folder = mkdtempSync(join(tmpdir(), 'comanda-sync-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  chmodSync(folder, 0o755)
  execFileSync('tar', ['cf', join(folder, 'files.tar'), '-C', root, entry])
  for (const times of [2, 3]) {
    // Word for word, but that it comes from a file.
    await runImage(image, {
      program: ['/bin/sh', '-c', 'cd /comanda && tar xmf /sync/files.tar -C /comanda --no-same-owner'],
      args: [],
      mounts: { '/sync': folder },
      writable: true,
    })
    await said(/Restarting/g, times - 1)
    await said(listening, times)
  }
  t.equal(
    readFileSync(join(image.folder, 'comanda', entry), 'utf8'),
    readFileSync(join(root, entry), 'utf8'),
    'the file is the one that was copied',
  )
})
