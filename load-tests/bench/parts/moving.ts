import { join } from 'node:path'
import { moves } from '@comanda/ordering'
import pg from 'pg'
import type { Bench } from '../bench-stack.ts'
import { findPgbench, runPgbench, writeScript } from '../load/pgbench.ts'
import { type PlacedOrder, placeEach } from '../load/place-each.ts'
import { recordStatements } from '../load/record-statements.ts'
import { writeRequests } from '../load/wrk.ts'
import { type Contender, type Ratios, ratiosOf, runRounds, wholeCost } from '../measuring/rounds.ts'
import { takeSample } from '../measuring/sample.ts'
import { pinTogether } from '../pinning.ts'
import type { PartResult } from './part.ts'

const ceiling = 'pgbench: move order'
const moving = 'move order'

/** Two moves that undo one another, so that the same orders can be moved for as long as it takes. */
const cycle = ['ready', 'recall'] as const

const each = 4
/** A run that begins where the last one was cut off finds some orders moved already. */
const leastMoved = 0.7

/** The staff moves orders of three lines forth and back, beside pgbench with the statements that this causes. */
export async function measureMoving(bench: Bench): Promise<PartResult> {
  const { settings, say } = bench
  pinTogether(bench)
  const orders = await placeEach(bench, each)
  for (const move of ['accept', 'start']) for (const order of orders) await moveOrder(bench, order, move)

  const contenders = [await pgbench(bench, orders), await closedLoop(bench, orders)]
  const checked = contenders.map(({ name, run }) => ({ name, run: (seconds: number) => moved(run, seconds) }))
  const series = await runRounds(checked, { ...settings, seconds: settings.seconds * 2, say })
  return { series, outcomes: { 'move-order': ratiosOf(series, moving, ceiling, wholeCost) as Ratios } }

  /** @throws when most requests moved nothing: to find an order moved already is cheap and would look like speed */
  async function moved(run: Contender['run'], seconds: number) {
    const before = await sumOfVersions(bench, orders)
    const sample = await run(seconds)
    const made = (await sumOfVersions(bench, orders)) - before
    if (made < leastMoved * sample.requests) throw new Error(`${sample.requests} requests made ${made} moves`)
    return sample
  }
}

async function moveOrder({ orders }: Bench, { id, staffToken }: PlacedOrder, move: string): Promise<void> {
  const headers = { authorization: `Bearer ${staffToken}` }
  const response = await fetch(`${orders.url}/v1/orders/${id}/${move}`, { method: 'POST', headers })
  const text = await response.text()
  if (response.status !== 200) throw new Error(`a move was refused: ${text}`)
}

async function sumOfVersions({ stack }: Bench, orders: readonly PlacedOrder[]): Promise<number> {
  const client = new pg.Client(stack.primaryUrl)
  await client.connect()
  const ids = orders.map(({ id }) => id)
  const { rows } = await client.query<{ sum: string }>(
    'select sum(version) from orders where id = any ($1)',
    [ids],
  )
  await client.end()
  return Number(rows[0]?.sum)
}

async function closedLoop({ stack, orders, cores, wrk }: Bench, placed: PlacedOrder[]): Promise<Contender> {
  const requests = cycle.flatMap((move) =>
    placed.map(({ id, staffToken: token }) => ({
      method: 'POST' as const,
      path: `/v1/orders/${id}/${move}`,
      token,
    })),
  )
  const requestsFile = await writeRequests(join(stack.directory, 'move.requests'), requests)
  return {
    name: moving,
    run: (seconds) =>
      takeSample({ serverPid: orders.pid, stack }, () =>
        wrk({ url: orders.url, requestsFile, cores: cores.all, seconds }),
      ),
  }
}

/** Each connection moves orders of its own: all of them forth, then all of them back. */
async function pgbench(bench: Bench, placed: PlacedOrder[]): Promise<Contender> {
  const { stack, settings, say } = bench
  const program = await findPgbench(say)
  const { databaseConnections: connections } = settings
  const own = Math.floor(placed.length / connections)
  const total = own * connections
  const requests = cycle.flatMap((move) =>
    placed.slice(0, total).map((order) => ({ order, move, marks: [order.id, moves[move].to] })),
  )
  const units = await recordStatements(
    stack,
    requests.map(({ marks }) => marks),
    async () => {
      for (const { order, move } of requests) await moveOrder(bench, order, move)
    },
  )
  const script = await writeScript(
    join(stack.directory, 'move.pgbench'),
    units.map((statements) => ({ statements })),
    [
      '\\set step :step + 1',
      `\\set branch (:step / ${own} % 2) * ${total} + :client_id + ${connections} * (:step % ${own})`,
    ],
  )
  const variables = { step: -1 }
  const load = { url: stack.primaryUrl, script, connections, directory: stack.directory, variables }
  return {
    name: ceiling,
    run: (seconds) => takeSample({ stack }, () => runPgbench(program, { ...load, seconds })),
  }
}
