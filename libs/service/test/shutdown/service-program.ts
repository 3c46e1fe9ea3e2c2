import { existsSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { Type } from 'typebox'
import { baseConfig, buildService, loadConfig } from '#src/index.ts'
import { startService } from '#src/shutdown/start-service.ts'

/** A service as a process of its own, for tests of what signals do to it. It tells its parent its ports and what happens. */
const config = loadConfig(Type.Object(baseConfig))
const app = await buildService({ name: 'program', version: '1.0.0', config })
const declare = (operationId: string) => ({
  config: { access: 'public' } as const,
  schema: { operationId, summary: operationId },
})
const release = Promise.withResolvers<void>()
process.on('message', () => release.resolve())

app.get('/fast', declare('fast'), async () => ({ served: true }))
app.get('/slow', declare('slow'), async () => {
  process.send?.('slow request arrived')
  await release.promise
  return { served: true }
})
/** Begins to stop, and lets nothing else happen until the time to drain is over and the parent has made the file. */
app.get('/stop-and-block', declare('stopAndBlock'), async () => {
  process.emit('SIGTERM')
  const drained = performance.now() + config.SHUTDOWN_DRAIN_SECONDS * 1000
  process.send?.('blocking')
  const file = process.env['TEST_RELEASE_FILE'] as string
  while (performance.now() <= drained || !existsSync(file));
  return { served: true }
})
app.get('/crash', declare('crash'), async () => {
  setImmediate(() => {
    throw new Error('nobody caught this')
  })
  await wait(50)
  return { served: true }
})
app.addHook('preClose', () => wait(Number(process.env['TEST_DRAIN_SECONDS'] ?? 0) * 1000))
let closed = false
app.addHook('onClose', async () => {
  closed = true
})
const ports = await startService(app, config, async () => {
  process.send?.(closed ? 'pools closed' : 'pools closed while the app used them')
})
process.send?.(ports)
