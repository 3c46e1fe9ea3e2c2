import type { Stack } from '@comanda/local-stack'
import { runOnServer } from './server-client.ts'

const patienceMilliseconds = 3_600_000

/** Waits until the standby shows what the primary has now, and has it on its disk, so that neither works on it later. */
export async function untilReplayed(stack: Stack): Promise<void> {
  const { postgres } = stack
  for (const server of [postgres.primary, ...postgres.standbys]) {
    if (server !== postgres.primary) await postgres.waitForReplay(server, patienceMilliseconds)
    await runOnServer(stack, server, 'checkpoint')
  }
}
