import { databaseErrors } from '../errors/database-errors.ts'
import { createHostProbe } from './host-probe.ts'
import { hostUrls } from './host-urls.ts'

const timeoutMilliseconds = 5000

/**
 * Finds the host that takes writes among those that a URL names, for programs that run once and need not follow a failover. Returns a
 * URL with that host only. A single host is not probed.
 * @throws AppError `database_unavailable` when none takes writes
 */
export async function findPrimaryUrl(url: string, applicationName: string): Promise<string> {
  const urls = hostUrls(url)
  if (urls.length === 1) return url
  const probes = await Promise.allSettled(urls.map((host) => readTimeline(host, applicationName)))
  const [newest] = probes
    .flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
    .filter(({ timeline }) => timeline !== null)
    .toSorted((a, b) => Number(b.timeline) - Number(a.timeline))
  if (newest) return newest.host
  const causes = probes.flatMap((result) => (result.status === 'rejected' ? [result.reason as Error] : []))
  throw databaseErrors.database_unavailable('None of the hosts takes writes.', {
    cause: new AggregateError(causes),
  })
}

async function readTimeline(host: string, applicationName: string) {
  const { probe, close } = createHostProbe({
    url: host,
    applicationName,
    min: 0,
    max: 1,
    idleMilliseconds: timeoutMilliseconds,
    connectMilliseconds: timeoutMilliseconds,
    statementMilliseconds: timeoutMilliseconds,
    idleInTransactionMilliseconds: timeoutMilliseconds,
    expectsWrites: true,
    onStatement: () => {},
    onError: () => {},
    onUnavailable: () => {},
  })
  try {
    const { timeline } = await probe()
    return { host, timeline }
  } finally {
    await close()
  }
}
