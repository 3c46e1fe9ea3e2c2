export type HealthStatus = 'healthy' | 'degraded' | 'unhealthy'

export interface HealthResult {
  status: HealthStatus
  details?: Record<string, unknown>
}

export interface HealthCheck {
  /** Name of its entry in `/health`. */
  name: string
  /** `ready`: while this is unhealthy the service takes no traffic. `degraded`: it serves on, degraded. */
  needed: 'ready' | 'degraded'
  /** May throw: that is unhealthy. `signal` aborts when the check's time is up. */
  check(signal: AbortSignal): Promise<HealthResult>
}

export interface HealthEntry extends HealthResult {
  name: string
  responseTimeMs: number
}

/** Runs all checks at once, each with its own time-out. Never throws. */
export async function runChecks(checks: readonly HealthCheck[], timeoutMs: number): Promise<HealthEntry[]> {
  return Promise.all(checks.map((check) => runCheck(check, timeoutMs)))
}

async function runCheck(check: HealthCheck, timeoutMs: number): Promise<HealthEntry> {
  const start = performance.now()
  const result = await bounded(check, timeoutMs).catch((error: unknown): HealthResult => {
    return { status: 'unhealthy', details: { reason: reasonOf(error) } }
  })
  return { name: check.name, ...result, responseTimeMs: Math.round((performance.now() - start) * 100) / 100 }
}

/** A check that ignores its signal must not hold up the answer, so the time-out is raced as well. */
async function bounded(check: HealthCheck, timeoutMs: number): Promise<HealthResult> {
  const controller = new AbortController()
  const timeout = Promise.withResolvers<never>()
  const timer = setTimeout(() => {
    const error = new Error('timed out')
    controller.abort(error)
    timeout.reject(error)
  }, timeoutMs)
  try {
    return await Promise.race([check.check(controller.signal), timeout.promise])
  } finally {
    clearTimeout(timer)
  }
}

/** The health page is public: it says what kind of failure, never an address or a statement. */
function reasonOf(error: unknown): string {
  const { code, message } = error as { code?: unknown; message?: unknown }
  return message === 'timed out' ? 'timed out' : typeof code === 'string' ? code : 'failed'
}

/** The status of the whole: unhealthy when something needed is, degraded when anything else is not healthy. */
export function overallStatus(checks: readonly HealthCheck[], entries: readonly HealthEntry[]): HealthStatus {
  const fatal = entries.some((entry, at) => entry.status === 'unhealthy' && checks[at]?.needed === 'ready')
  if (fatal) return 'unhealthy'
  return entries.every((entry) => entry.status === 'healthy') ? 'healthy' : 'degraded'
}
