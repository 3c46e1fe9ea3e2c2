export const partNames = ['menu', 'cached', 'list', 'placing', 'moving', 'mix'] as const
export type PartName = (typeof partNames)[number]

export interface Settings {
  parts: readonly PartName[]
  /** A few seconds in all, for working on the bench itself; the numbers mean little. */
  quick: boolean
  /** Whether a result worse than the stored baseline fails the run. */
  compare: boolean
  /** Whether the result becomes the stored baseline. */
  saveBaseline: boolean
  /** How often each contender runs. */
  rounds: number
  /** How long one run takes, in seconds. */
  seconds: number
  warmUpSeconds: number
  cafeterias: number
  customers: number
  /** HTTP connections that ask again as soon as they are answered. */
  connections: number
  /** To Postgres: of orders' pool, and of pgbench. */
  databaseConnections: number
}

/** @throws Error when BENCH_ONLY names a part that there is not */
export function readSettings(args: readonly string[], env: NodeJS.ProcessEnv): Settings {
  const quick = env['BENCH_QUICK'] === '1'
  const asked = (env['BENCH_ONLY'] ?? '').split(',').filter(Boolean)
  const unknown = asked.find((name) => !partNames.includes(name as PartName))
  if (unknown) throw new Error(`BENCH_ONLY knows ${partNames.join(', ')}, not "${unknown}"`)
  return {
    parts: asked.length > 0 ? (asked as PartName[]) : partNames,
    quick,
    compare: args.includes('--compare'),
    saveBaseline: args.includes('--save-baseline'),
    rounds: Number(env['BENCH_ROUNDS'] ?? (quick ? 1 : 5)),
    seconds: Number(env['BENCH_SECONDS'] ?? (quick ? 1 : 2)),
    warmUpSeconds: quick ? 1 : 2,
    cafeterias: 100,
    customers: quick ? 20 : 96,
    connections: 32,
    databaseConnections: 16,
  }
}
