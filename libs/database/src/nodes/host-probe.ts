import { createPool, type PoolOptions } from '../connections/pool.ts'
import { readServerStatus, type ServerStatus } from './server-status.ts'

/** Probes the server behind one host of a URL. */
export interface HostProbe {
  url: string
  /**
   * Reads the server's status over a connection of its own, so that a full pool is not taken for a lost server. Concurrent calls
   * share one statement. Rejects when the server does not answer within 2 s.
   */
  probe: () => Promise<ServerStatus>
  close: () => Promise<void>
}

const timeoutMilliseconds = 2000
/** The address may be given to another server while connections to the old one live on. */
const connectionLifetimeSeconds = 10

/**
 * Makes a probe of one host, which connects at its first call.
 * @param options.expectsWrites whether a server in recovery is the wrong one, so that the next probe makes a new connection
 */
export function createHostProbe(options: PoolOptions & { expectsWrites: boolean }): HostProbe {
  const pool = createPool({
    ...options,
    min: 0,
    max: 1,
    idleMilliseconds: 1000 * connectionLifetimeSeconds,
    connectMilliseconds: Math.min(options.connectMilliseconds, timeoutMilliseconds),
    statementMilliseconds: Math.min(options.statementMilliseconds, timeoutMilliseconds),
    graceMilliseconds: 0,
    lifetimeSeconds: connectionLifetimeSeconds,
    onStatement: () => {},
    // The caller of the probe gets the error.
    onUnavailable: () => {},
  })
  let inFlight: Promise<ServerStatus> | null = null

  async function readStatus(): Promise<ServerStatus> {
    const client = await pool.connect()
    let isWrongServer = false
    try {
      const status = await readServerStatus(client)
      isWrongServer = options.expectsWrites && status.inRecovery
      return status
    } finally {
      client.release(isWrongServer)
    }
  }

  return {
    url: options.url,
    probe() {
      inFlight ??= readStatus().finally(() => {
        inFlight = null
      })
      return inFlight
    },
    close: () => pool.cut(),
  }
}
