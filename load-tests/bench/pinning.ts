import type { Bench } from './bench-stack.ts'
import { pin } from './cores.ts'
import { postgresProcesses, redisPids } from './servers/processes.ts'

const storage = ({ stack }: Bench) => [...postgresProcesses(stack).map(({ pid }) => pid), ...redisPids(stack)]

/** Postgres, Redis and we, who read the log, beside the load generator, the server alone: what a server can do by itself. */
export function pinApart(bench: Bench): void {
  pin([...storage(bench), process.pid], bench.cores.load)
  pin([bench.orders.pid], bench.cores.server)
}

/** Everybody on both cores, where what a server spends is missing elsewhere, as it is for pgbench. */
export function pinTogether(bench: Bench): void {
  pin([...storage(bench), process.pid, bench.orders.pid], bench.cores.all)
}
