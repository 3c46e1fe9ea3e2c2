import { databaseConfig } from '@comanda/database'
import { baseConfig, loadConfig, port } from '@comanda/service'
import { type Static, Type } from 'typebox'

const count = (value: number, description: string) =>
  Type.Integer({ minimum: 1, maximum: 1_000_000, default: value, description })
const bytes = (value: number, description: string) =>
  Type.Integer({ minimum: 65_536, maximum: 2 ** 31, default: value, description })
const seconds = (value: number, description: string) =>
  Type.Number({ minimum: 0.05, maximum: 600, default: value, description })

export const configSchema = Type.Object({
  ...baseConfig,
  PORT: port(3002, 'Port of the sockets'),
  ...databaseConfig,
  SOCKET_PING_INTERVAL_SECONDS: seconds(25, 'Pause between two heartbeats of a socket'),
  SOCKET_PING_TIMEOUT_SECONDS: seconds(20, 'Time for a client to answer a heartbeat'),
  SOCKET_MESSAGE_BYTES: count(16_384, 'Largest message of a client in bytes'),
  SOCKET_MESSAGES_PER_SECOND: count(
    20,
    'Packets of one connection per second, heartbeats included; five seconds’ worth may come at once',
  ),
  SOCKET_BUFFER_BYTES: bytes(
    1_048_576,
    'Bytes that may wait for one client; one that reads slower is closed',
  ),
  SOCKET_BUFFERS_BYTES: bytes(
    67_108_864,
    'Bytes that may wait for all clients of a process; past them, those with the most are closed',
  ),
  SOCKET_SUBSCRIPTIONS: count(200, 'Orders and feeds that one socket may follow'),
  SOCKETS_PER_USER: count(20, 'Sockets of one user, per process'),
  SOCKETS_PER_ADDRESS: count(5000, 'Sockets from one address, per process; a campus shares one'),
  SOCKET_DRAIN_SECONDS: seconds(4, 'Time over which the sockets are sent away after SIGTERM'),
  FEED_WATCH_SECONDS: seconds(2, 'Pause between two polls for events that Redis lost'),
})
export type Config = Static<typeof configSchema>

/** The seconds that stopping takes besides waiting and draining: requests under way are answered, pools are closed. */
const closingSeconds = 2

/** @throws Error that names every bad variable */
export function readConfig(): Config {
  const config = loadConfig(configSchema)
  const { SHUTDOWN_DEADLINE_SECONDS, SHUTDOWN_DRAIN_SECONDS, SOCKET_DRAIN_SECONDS } = config
  const most = SHUTDOWN_DEADLINE_SECONDS - SHUTDOWN_DRAIN_SECONDS - closingSeconds
  if (SOCKET_DRAIN_SECONDS > most)
    throw new Error(
      `bad configuration: SOCKET_DRAIN_SECONDS must be at most ${most}: SHUTDOWN_DEADLINE_SECONDS less SHUTDOWN_DRAIN_SECONDS and ${closingSeconds}`,
    )
  return config
}
