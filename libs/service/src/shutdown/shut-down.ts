import { setImmediate as nextLoop, setTimeout as wait } from 'node:timers/promises'
import type { Service } from '../service.ts'

export interface ShutdownOptions {
  /** Closes what was opened for the app: pools and connections. */
  release: () => Promise<void>
  /** Milliseconds until the process exits with 1 whatever is still running. */
  deadlineMs: number
  /** Milliseconds between becoming unready and closing the listener. */
  drainMs: number
}

/**
 * On the first SIGTERM or SIGINT: become unready, wait for load balancers to notice, stop listening, let what is in flight
 * finish, run the `onClose` hooks, release pools and connections, exit 0. Further signals change nothing: they must not fail a request.
 * An error nobody caught leaves the process in a state nobody knows: it stops the same way, with exit code 1.
 */
export function shutDownOnSignals(app: Service, { release, deadlineMs, drainMs }: ShutdownOptions): void {
  let stopping = false

  async function stop(reason: string, exitCode: number) {
    if (stopping) return
    stopping = true
    app.log.info({ reason }, 'stopping')
    setTimeout(() => {
      app.log.fatal({ deadlineMs }, 'not stopped in time')
      process.exit(1)
    }, deadlineMs).unref()
    app.startDraining()
    if (drainMs > 0) await wait(drainMs)
    // On a busy machine the wait ends before the sockets were polled: closing then would reset the connections that the
    // kernel has accepted, and the requests that came on idle ones. One round of the event loop accepts the connections, and the next
    // one reads what came on them.
    await nextLoop()
    await nextLoop()
    try {
      await app.close()
      await release()
    } catch (err) {
      app.log.error({ err }, 'closing failed')
      process.exit(1)
    }
    app.log.info('stopped')
    process.exit(exitCode)
  }

  const crash = (err: unknown) => {
    app.log.fatal({ err }, 'uncaught error')
    void stop('uncaught error', 1)
  }
  const signalled = (signal: NodeJS.Signals) => void stop(signal, 0)
  process.on('SIGTERM', signalled).on('SIGINT', signalled)
  process.on('uncaughtException', crash).on('unhandledRejection', crash)
  // A service that is closed by hand, as in tests, leaves the process alone.
  app.server.once('close', () => {
    if (stopping) return
    process.off('SIGTERM', signalled).off('SIGINT', signalled)
    process.off('uncaughtException', crash).off('unhandledRejection', crash)
  })
}
