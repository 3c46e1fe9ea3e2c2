import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Test, test } from 'tap'
import {
  isReady,
  runningRecord,
  serviceLog,
  startService,
  stopService,
  waitUntilReady,
} from '#src/fleet/service-process.ts'
import type { ServiceDefinition } from '#src/fleet/services.ts'
import { findFreePorts } from '#src/system/ports.ts'

/** A package with a server that does what the text says. */
async function makeService(
  t: Test,
  program: string,
): Promise<{ stackDirectory: string; service: ServiceDefinition }> {
  const directory = t.testdir({ 'server.ts': program })
  const port = await findFreePorts(1)
  const service = { name: 'probe', directory, entry: 'server.ts', port, health: '/health/ready', docs: null }
  const stackDirectory = join(directory, 'stack')
  t.teardown(() => stopService(stackDirectory, service))
  return { stackDirectory, service }
}

const polite = `
  import { createServer } from 'node:http'
  const server = createServer((request, response) => response.end('ok')).listen(Number(process.env.PORT), '127.0.0.1')
  process.on('SIGTERM', () => server.close(() => { console.log('drained'); process.exit(0) }))`

test('a service is started, found again, and asked to end before it is made to', async (t) => {
  const { stackDirectory, service } = await makeService(t, polite)
  await startService(stackDirectory, service, { PORT: String(service.port) }, 'first')
  await waitUntilReady(stackDirectory, service)
  t.equal(runningRecord(stackDirectory, service)?.fingerprint, 'first')
  t.equal(await stopService(stackDirectory, service), true)
  t.equal(runningRecord(stackDirectory, service), null)
  t.equal(await isReady(service), false)
  t.match(readFileSync(serviceLog(stackDirectory, service), 'utf8'), /drained/)
})

test('a service that ends at its start is reported with the end of its log', async (t) => {
  const { stackDirectory, service } = await makeService(t, `throw new Error('no such setting')`)
  await startService(stackDirectory, service, {}, 'first')
  await t.rejects(waitUntilReady(stackDirectory, service), /probe has ended[^]*no such setting/)
})

test('a record whose number belongs to a stranger by now is not believed', async (t) => {
  const { stackDirectory, service } = await makeService(t, polite)
  await startService(stackDirectory, service, { PORT: String(service.port) }, 'first')
  await waitUntilReady(stackDirectory, service)
  await stopService(stackDirectory, service)
  writeFileSync(
    join(stackDirectory, 'run/probe.json'),
    JSON.stringify({ pid: process.pid, fingerprint: 'first' }),
  )
  t.equal(runningRecord(stackDirectory, service), null)
  t.equal(await stopService(stackDirectory, service), false, 'and this process was not signalled')
})
