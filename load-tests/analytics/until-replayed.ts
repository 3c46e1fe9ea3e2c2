import type { Stack } from '@comanda/local-stack'
import pg from 'pg'

const patienceMilliseconds = 3_600_000

/** Waits until the standby shows what the primary has now, and has it on its disk, so that neither works on it later. */
export async function untilReplayed({ adminUrl, postgres }: Stack): Promise<void> {
  for (const server of [postgres.primary, ...postgres.standbys]) {
    if (server !== postgres.primary) await postgres.waitForReplay(server, patienceMilliseconds)
    const url = new URL(adminUrl)
    url.port = String(server.port)
    const client = new pg.Client(url.href)
    await client.connect()
    await client.query('checkpoint')
    await client.end()
  }
}
