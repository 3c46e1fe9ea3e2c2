import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import {
  type CatalogueChanged,
  type CatalogueClientEvents,
  type CatalogueServerEvents,
  catalogueNamespace,
} from '@comanda/events'
import { startServiceUnderTest } from '@comanda/local-stack/testing'
import { io, type Socket } from 'socket.io-client'
import type { Test } from 'tap'
import type { TestApp } from '../app.ts'

/** Opens a screen that shows the menu of a cafeteria, at a gateway in its own process, which learns of changes only through Redis. */
export async function followCatalogue(
  t: Test,
  { database, config }: Pick<TestApp, 'database' | 'config'>,
  cafeteriaId: string,
) {
  const gateway = await startServiceUnderTest(join(import.meta.dirname, '../../../realtime/src/server.ts'), {
    LOG_LEVEL: 'info',
    DATABASE_URL: config.DATABASE_URL,
    DATABASE_POOL_MIN: '0',
    REDIS_NODES: config.REDIS_NODES,
    // The gateway polls the database once, before anybody follows anything.
    FEED_WATCH_SECONDS: '600',
  })
  t.teardown(() => gateway.stop('SIGKILL'))
  const screen: Socket<CatalogueServerEvents, CatalogueClientEvents> = io(
    `${gateway.url}${catalogueNamespace}`,
    {
      transports: ['websocket'],
      reconnection: false,
    },
  )
  t.teardown(() => screen.disconnect())
  const seen: CatalogueChanged[] = []
  let newest = 0
  screen.on('catalog:changed', (changed) => {
    seen.push(changed)
    newest = changed.version
  })
  const subscribed = await screen.emitWithAck('catalog:subscribe', { cafeteriaId })
  if (!subscribed.ok) throw new Error(subscribed.code)
  return {
    /** Returns the changes that arrived since the last call. */
    take: () => seen.splice(0),
    version: async () => {
      const row = database.primary.selectFrom('catalogueVersions').select('version')
      return (await row.where('cafeteriaId', '=', cafeteriaId).executeTakeFirstOrThrow()).version
    },
    /** Resolves when a version has arrived. */
    async hears(version: number): Promise<void> {
      while (newest < version) await wait(5)
    },
  }
}
