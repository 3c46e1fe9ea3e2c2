import { loadDotEnv } from '../libs/local-stack/src/fleet/environment.ts'
import { findServices, serviceUrl } from '../libs/local-stack/src/fleet/services.ts'
import { chooseCafeteria } from './watch/cafeterias.ts'
import { followLiveOrders } from './watch/live-orders.ts'
import { openRestClient } from './watch/open-rest-client.ts'
import { showAsLines } from './watch/show-as-lines.ts'
import { showOnTerminal } from './watch/show-on-terminal.ts'

loadDotEnv()
const { env, stdout } = process

/** Where a service of `make up` is; `COMANDA_URL` and `COMANDA_REALTIME_URL` are another fleet's. */
function urlOf(name: string, elsewhere: string | undefined): string {
  if (elsewhere) return elsewhere
  const service = findServices(env).find((service) => service.name === name)
  if (!service) throw new Error(`There is no service called ${name}.`)
  return serviceUrl(service)
}

function end(code: number, message?: string): never {
  if (message !== undefined) console.error(`comanda: ${message}`)
  process.exit(code)
}

try {
  const apiUrl = urlOf('orders', env.COMANDA_URL)
  const rest = openRestClient(apiUrl)
  await rest.logIn({ email: 'staff@comanda.test', password: env.DEMO_PASSWORD || 'comanda-demo' })
  const cafeteria = await chooseCafeteria(rest, env.CAFETERIA)
  const show = stdout.isTTY ? showOnTerminal(stdout) : showAsLines((line) => console.log(line))
  const client = followLiveOrders(
    { url: urlOf('realtime', env.COMANDA_REALTIME_URL), apiUrl, getAccessToken: rest.accessToken, cafeteria },
    { ...show, onRefused: (code) => end(1, `The feed of ${cafeteria.name} is refused: ${code}`) },
  )
  // log-update shows the cursor again when the process exits.
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => {
      client.close()
      end(0)
    })
  // The reader may end first, as in `make watch | head`.
  stdout.on('error', () => end(0))
} catch (error) {
  end(1, error instanceof Error ? error.message : String(error))
}
