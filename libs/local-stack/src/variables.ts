import { findServices } from './fleet/services.ts'

export interface StackVariable {
  name: string
  /** The default as the environment would have it; null when there is none. */
  default: string | null
  description: string
}

/** What `make` and the stack read from the environment or from .env, besides the configuration of each service. */
export const variables: StackVariable[] = [
  {
    name: 'REPLICAS',
    default: '1',
    description: 'How many hot standbys `make up` starts beside the primary',
  },
  {
    name: 'POSTGRES_PORT',
    default: '5440',
    description: 'Port of the primary; the standbys take the next ones',
  },
  { name: 'REDIS_PORT', default: '7000', description: 'First of the six ports of the Redis Cluster' },
  ...findServices({}).map(({ name, port }) => ({
    name: `${name.toUpperCase()}_PORT`,
    default: String(port),
    description: `Port on which \`make up\` starts ${name}; its metrics are at the port plus 100`,
  })),
  {
    name: 'HOST',
    default: '127.0.0.1',
    description: 'Address on which `make up` lets services listen; 0.0.0.0 lets other machines in',
  },
  { name: 'DEMO_PASSWORD', default: 'comanda-demo', description: 'Password of the demo accounts' },
  { name: 'ORDERS', default: '0', description: 'How many orders of history `make seed` makes' },
  {
    name: 'SERVICE',
    default: null,
    description: 'Whose logs `make logs` follows, separated by commas; all when empty',
  },
  {
    name: 'CAFETERIA',
    default: null,
    description: 'Which cafeteria `make watch` shows: its slug, name or id; the first one when empty',
  },
  {
    name: 'COMANDA_URL',
    default: null,
    description: 'The REST API that `make watch` asks, when it is not that of `make up`',
  },
  {
    name: 'COMANDA_REALTIME_URL',
    default: null,
    description: 'The gateways that `make watch` connects to, when they are not those of `make up`',
  },
  {
    name: 'PROMETHEUS_PORT',
    default: '9490',
    description: 'Port of the Prometheus that `make observe` starts',
  },
  {
    name: 'ALERTMANAGER_PORT',
    default: '9493',
    description: 'Port of the Alertmanager that `make observe` starts',
  },
  { name: 'TEST_POSTGRES_PORT', default: '5460', description: 'Port of the primary that tests use' },
  { name: 'TEST_REDIS_PORT', default: '7100', description: 'First port of the Redis Cluster that tests use' },
  { name: 'DEBUG', default: null, description: 'Anything: print the whole stack of an error of `make`' },
]
