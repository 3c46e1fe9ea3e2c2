import { join } from 'node:path'
import type { Bench } from '../bench-stack.ts'
import { placeEach } from '../load/place-each.ts'
import { writeRequests } from '../load/wrk.ts'
import { type Contender, type Ratios, ratiosOf, runRounds, serverCost } from '../measuring/rounds.ts'
import { takeSample } from '../measuring/sample.ts'
import type { PartResult } from './part.ts'

const each = 20
const bare = 'bare Fastify: object'
const list = 'list of 20 orders'

/** Every customer's last twenty orders in turn, beside bare Fastify serialising one such list. */
export async function measureList(bench: Bench): Promise<PartResult> {
  const { campus, orders, settings, stack, say } = bench
  await placeEach(bench, each + 2)
  const tokens = campus.orders.map(({ token }) => token)
  const path = `/v1/orders?limit=${each}`
  const response = await fetch(orders.url + path, { headers: { authorization: `Bearer ${tokens[0]}` } })
  const object = (await response.json()) as { data: unknown[]; nextCursor: string | null }
  if (object.data.length !== each || !object.nextCursor)
    throw new Error(`a list of ${object.data.length} orders instead of a first page of ${each}`)
  await bench.bare.hold({ object })

  const contender = (name: string, base: string, serverPid: number, wanted: string): Contender => ({
    name,
    async run(seconds) {
      const requestsFile = await writeRequests(
        join(stack.directory, 'list.requests'),
        tokens.map((token) => ({ method: 'GET', path: wanted, token })),
      )
      const costs = { serverPid, ...(name === bare ? {} : { stack }) }
      return takeSample(costs, () => bench.wrk({ url: base, requestsFile, seconds }))
    },
  })
  const series = await runRounds(
    [
      contender(bare, bench.bare.url, bench.bare.pid, '/object'),
      contender(list, orders.url, orders.pid, path),
    ],
    { ...settings, say },
  )
  return { series, outcomes: { 'list-orders': ratiosOf(series, list, bare, serverCost) as Ratios } }
}
