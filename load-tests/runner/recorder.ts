import { quantile } from '../measuring/quantiles.ts'
import type { Counted, ProfileAnswer, ProfileRequest } from '../profiles/device.ts'
import type { Quantiles, Summary } from '../summary/summary.ts'

/** Keeps every figure of a run. */
export interface Recorder {
  answered: (
    request: ProfileRequest,
    answer: ProfileAnswer & { reason: string },
    milliseconds: number,
  ) => void
  count: (what: Counted) => void
  eventShown: (milliseconds: number) => void
  /** Notes how late a request was begun. */
  late: (milliseconds: number) => void
  skip: () => void
  problem: (sentence: string) => void
  figures: () => Omit<Summary, 'scenario' | 'runner' | 'at' | 'url' | 'seconds' | 'users'>
}

/** More are only counted. */
const mostProblems = 20

interface Figures {
  milliseconds: number[]
  failed: number
}

export function createRecorder(): Recorder {
  const all: Figures = { milliseconds: [], failed: 0 }
  const operations = new Map<string, Figures>()
  const counts: Partial<Record<Counted, number>> = {}
  const eventDelays: number[] = []
  const problems: string[] = []
  let unnamed = 0
  let skipped = 0
  let latest = 0

  function problem(sentence: string): void {
    if (problems.length < mostProblems) problems.push(sentence)
    else unnamed += 1
  }

  return {
    problem,
    answered({ operation, method, path }, { status, expected, reason }, milliseconds) {
      const own = operations.get(operation) ?? { milliseconds: [], failed: 0 }
      operations.set(operation, own)
      for (const figures of [all, own]) {
        figures.milliseconds.push(milliseconds)
        if (!expected) figures.failed += 1
      }
      if (!expected) problem(`${method} ${path} was answered ${status || 'nothing'}: ${reason}`)
    },
    count(what) {
      counts[what] = (counts[what] ?? 0) + 1
    },
    eventShown: (milliseconds) => void eventDelays.push(milliseconds),
    late(milliseconds) {
      latest = Math.max(latest, milliseconds)
    },
    skip() {
      skipped += 1
    },
    figures: () => ({
      requests: all.milliseconds.length,
      failed: all.failed,
      skipped,
      latenessMilliseconds: latest,
      duration: quantilesOf(all.milliseconds),
      operations: Object.fromEntries(
        [...operations]
          .toSorted(([one], [other]) => (one < other ? -1 : 1))
          .map(([name, { milliseconds, failed }]) => [name, { ...quantilesOf(milliseconds), failed }]),
      ),
      eventDelay: quantilesOf(eventDelays),
      counts: { ...counts },
      problems: unnamed > 0 ? [...problems, `and ${unnamed} more`] : [...problems],
    }),
  }
}

function quantilesOf(values: readonly number[]): Quantiles {
  const ascending = values.toSorted((one, other) => one - other)
  const at = (share: number) => (ascending.length === 0 ? null : quantile(ascending, share))
  return { count: ascending.length, p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) }
}
