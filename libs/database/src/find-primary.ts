import { hostUrls } from './hosts.ts'
import { createLookout } from './lookout.ts'
import { databaseErrors } from './unavailable.ts'

const patienceMilliseconds = 5000

/**
 * The URL of the one host that takes writes, of those that a URL names: for programs that run once and follow nobody. A
 * single host is not asked.
 * @throws AppError `database_unavailable` when none takes writes
 */
export async function findPrimaryUrl(url: string, applicationName: string): Promise<string> {
  const urls = hostUrls(url)
  if (urls.length === 1) return url
  const found = await Promise.allSettled(urls.map((host) => lookAt(host, applicationName)))
  const [best] = found
    .flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
    .filter(({ timeline }) => timeline !== null)
    .toSorted((a, b) => Number(b.timeline) - Number(a.timeline))
  if (best) return best.host
  const causes = found.flatMap((result) => (result.status === 'rejected' ? [result.reason as Error] : []))
  throw databaseErrors.database_unavailable('None of the hosts takes writes.', {
    cause: new AggregateError(causes),
  })
}

async function lookAt(host: string, applicationName: string) {
  const lookout = createLookout({
    url: host,
    applicationName,
    min: 0,
    max: 1,
    idleMilliseconds: patienceMilliseconds,
    connectMilliseconds: patienceMilliseconds,
    statementMilliseconds: patienceMilliseconds,
    idleInTransactionMilliseconds: patienceMilliseconds,
    expectsWrites: true,
    onStatement: () => {},
    onError: () => {},
    onUnavailable: () => {},
  })
  try {
    const { timeline } = await lookout.look()
    return { host, timeline }
  } finally {
    await lookout.close()
  }
}
