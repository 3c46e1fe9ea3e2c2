import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { findOrInstallProgram } from '@comanda/local-stack/testing'
import type { Bench } from '../bench-stack.ts'
import { pinned } from '../cores.ts'
import type { Series } from '../measuring/rounds.ts'

/** How often Redis itself can be asked for a value of that size: what answers from L2 cannot exceed. */
export async function redisCeiling(bench: Bench, bytes: number): Promise<Series> {
  const { stack, cores, settings, say } = bench
  const program = await findOrInstallProgram(
    {
      names: ['redis-benchmark', 'valkey-benchmark'],
      packages: { brew: 'redis', 'apt-get': 'redis-tools', dnf: 'redis' },
      missing: 'make bench needs redis-benchmark, which comes with Redis: `apt-get install redis-tools`.',
    },
    say,
  )
  const requests = settings.quick ? 20_000 : 150_000
  const [address] = stack.redisNodes.split(',') as [string]
  const [host, port] = address.split(':') as [string, string]
  const args = ['-h', host, '-p', port, '--cluster', '--csv', '-t', 'set,get', '-d', String(bytes)]
  const load = ['-n', String(requests), '-c', String(settings.connections)]
  const { stdout } = await promisify(execFile)(...pinned(cores.server, program, [...args, ...load]))
  const row = stdout
    .split('\n')
    .find((line) => line.startsWith('"GET"'))
    ?.split(',')
    .map((cell) => Number(cell.replaceAll('"', '')))
  if (!row) throw new Error(`redis-benchmark said nothing that is understood: ${stdout}`)
  const [, perSecond = 0, , , p50 = 0, p95 = 0, p99 = 0, max = 0] = row
  say(`  redis-benchmark: ${Math.round(perSecond)}/s`)
  const seconds = requests / perSecond
  return {
    name: 'redis-benchmark: GET',
    samples: [
      {
        requests,
        seconds,
        perSecond,
        p50,
        p95,
        p99,
        max,
        serverMicroseconds: null,
        postgresMicroseconds: null,
      },
    ],
  }
}
