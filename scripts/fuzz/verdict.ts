import type { FuzzedService } from './fleet.ts'
import type { FuzzFailure, FuzzOutcome } from './outcome.ts'

/** How many of all operations have to succeed at least once, so that a run says something about them. */
const leastShare = 0.95

/** An operation of a document; two documents may have one of the same name, such as those of their health. */
export interface FuzzedOperation {
  service: FuzzedService
  operation: string
}

/** An operation, and how often each status came from it, by all roles. */
export interface OperationTally extends FuzzedOperation {
  statuses: Map<number, number>
  /** Who got a 2xx. */
  servedTo: string[]
}

/** Adds the runs up, in the order of the operations. */
export function tally(
  operations: readonly FuzzedOperation[],
  outcomes: readonly FuzzOutcome[],
): OperationTally[] {
  return operations.map(({ service, operation }) => {
    const statuses = new Map<number, number>()
    const servedTo: string[] = []
    for (const { caller, answers } of outcomes.filter((outcome) => outcome.service === service)) {
      const counts = Object.entries(answers[operation] ?? {}).map(
        ([status, count]) => [Number(status), count] as const,
      )
      for (const [status, count] of counts) statuses.set(status, (statuses.get(status) ?? 0) + count)
      if (counts.some(([status]) => isSuccess(status))) servedTo.push(caller)
    }
    return { service, operation, statuses, servedTo }
  })
}

const nameOf = ({ service, operation }: FuzzedOperation) => `${operation} of ${service}`

const isSuccess = (status: number) => status >= 200 && status < 300

/**
 * What is wrong with the answers, as sentences; none when a run is good. Besides the failed checks, a 5xx counts whatever the checks
 * say of it, and so does a run that ended otherwise than well, or an example that was refused.
 */
export function faultsOf(tallies: readonly OperationTally[], outcomes: readonly FuzzOutcome[]): string[] {
  const never = tallies.filter(({ servedTo }) => servedTo.length === 0).map(nameOf)
  const share = 1 - never.length / tallies.length
  const failed = tallies.filter(({ statuses }) => [...statuses.keys()].some((status) => status >= 500))
  return [
    ...failed.map((each) => `${nameOf(each)} was answered with a 5xx`),
    ...failedChecks(outcomes),
    ...outcomes.filter(({ caller }) => caller === 'entitled').flatMap(refusedExamples),
    ...outcomes
      .filter(({ succeeded, failures }) => !succeeded && failures.length === 0)
      .map(({ caller, service, log }) => `schemathesis failed for ${caller} of ${service}: see ${log}`),
    ...(share < leastShare
      ? [
          `only ${percent(share)} of the operations were served, not ${percent(leastShare)}; never: ${never.join(', ')}`,
        ]
      : []),
  ]
}

/** A sentence for each kind of failed check, with a request that shows it, and who met it. */
function failedChecks(outcomes: readonly FuzzOutcome[]): string[] {
  const kinds = new Map<
    string,
    { failure: FuzzFailure & FuzzedOperation; callers: string[]; count: number }
  >()
  for (const { caller, service, failures } of outcomes) {
    for (const failure of failures) {
      const key = [service, failure.operation, failure.check, failure.message.split('\n', 1)[0]].join()
      const kind = kinds.get(key) ?? { failure: { ...failure, service }, callers: [], count: 0 }
      kinds.set(key, kind)
      kind.callers.push(caller)
      kind.count += failure.count
    }
  }
  return [...kinds.values()].map(
    ({ failure: { service, operation, check, message, curl }, callers, count }) =>
      `${nameOf({ service, operation })} for ${callers.join(', ')}: ${check}, ${count} times: ${message}\n${curl}`,
  )
}

/** Examples of those who may make them all have to succeed; otherwise nothing behind them was tried. */
function refusedExamples({ service, examples }: FuzzOutcome): string[] {
  return Object.entries(examples).flatMap(([operation, results]) =>
    Object.keys(results)
      .filter((result) => !/^2\d\d$/.test(result))
      .map((result) => `an example of ${nameOf({ service, operation })} was answered ${result}`),
  )
}

export const percent = (share: number): string => `${Math.floor(share * 1000) / 10} %`
