import { once } from 'node:events'
import { join } from 'node:path'
import type { BareContent } from './bare-server.process.ts'
import { type MeasuredServer, startServerProcess } from './server-process.ts'

export interface BareServer extends MeasuredServer {
  /** What it sends from now on. */
  hold: (content: BareContent) => Promise<void>
}

export async function startBareServer(cores: string): Promise<BareServer> {
  const entry = join(import.meta.dirname, 'bare-server.process.ts')
  const server = await startServerProcess('bare Fastify', entry, cores, { NODE_ENV: 'production' })
  return {
    ...server,
    async hold(content) {
      server.child.send(content)
      await once(server.child, 'message')
    },
  }
}
