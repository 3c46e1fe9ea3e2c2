import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import t from 'tap'

t.test('a client that is given up during a refresh lets the process end', async (t) => {
  const child = fork(join(import.meta.dirname, 'closing-program.ts'))
  t.teardown(() => child.kill('SIGKILL'))
  // Where a refresh begins anew whenever one has ended, it never ends.
  const [code] = await once(child, 'exit', { signal: AbortSignal.timeout(120_000) })
  t.equal(code, 0)
})
