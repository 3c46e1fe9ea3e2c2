import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { summarise } from '../measuring/quantiles.ts'
import { inspectorIn, measureServer, type RealtimeLoad } from './measure-server.ts'

/** Measures a bare socket.io server, which sends as many messages as the orders would cause. */
export async function measureBare({ plans, perSecond, moves, seconds }: RealtimeLoad) {
  const child = fork(join(import.meta.dirname, 'bare-server.process.ts'), {
    execArgv: ['--inspect=127.0.0.1:0'],
    env: { ...process.env, NODE_ENV: 'production' },
    silent: true,
  })
  try {
    let output = ''
    child.stderr?.on('data', (chunk) => (output += chunk))
    const [{ port }] = (await once(child, 'message')) as [{ port: number }]
    const server = {
      pid: child.pid as number,
      inspector: inspectorIn(output),
      url: `http://127.0.0.1:${port}`,
    }
    const result = await measureServer(
      server,
      { plans: plans.map((plan, id) => ({ ...plan, auth: { id } })), seconds },
      async (forSeconds) => {
        child.send({ perSecond: perSecond * (1 + moves.length), seconds: forSeconds })
        await once(child, 'message')
        return {}
      },
    )
    return {
      ...result.costs,
      latencyMilliseconds: summarise(
        result.received.times.map((at, index) => at - Number(result.received.names[index])),
      ),
    }
  } finally {
    child.kill('SIGKILL')
  }
}
