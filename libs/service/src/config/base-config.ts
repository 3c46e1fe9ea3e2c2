import { type TString, Type } from 'typebox'
import { limitDefaults, limitNames, limitVariable, ratePattern } from '../limits/policies.ts'
import { tracingConfig } from '../tracing/tracing-config.ts'

// The type of a union is lost when it is mapped from a list, hence Unsafe.
const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const
type LogLevel = (typeof logLevels)[number]

/** The schema of a TCP port with its default; 0 lets the system choose a free one. */
export const port = (number: number, description: string) =>
  Type.Integer({ minimum: 0, maximum: 65535, default: number, description })

/**
 * A secret. Its default serves development and tests only: in production the variable must be set to another value of
 * at least 32 characters, or the start fails.
 */
export const secret = (developmentDefault: string, description: string) =>
  Type.String({ minLength: 8, default: developmentDefault, description, secret: true })

const seconds = (value: number, description: string) =>
  Type.Number({ minimum: 0, maximum: 3600, default: value, description })

const rateLimits = Object.fromEntries(
  limitNames.map((name) => [
    limitVariable(name),
    Type.String({
      pattern: ratePattern,
      default: limitDefaults[name].rate,
      description: `Rate limit, ${limitDefaults[name].meaning}: count/time in s, m or h`,
    }),
  ]),
) as Record<ReturnType<typeof limitVariable>, TString>

/** The variables that every service reads. A service spreads them into its own schema and may restate one, `PORT` above all. */
export const baseConfig = {
  NODE_ENV: Type.Union([Type.Literal('development'), Type.Literal('test'), Type.Literal('production')], {
    default: 'development',
    description: 'production refuses development defaults',
  }),
  HOST: Type.String({ default: '0.0.0.0', description: 'Address to listen on' }),
  PORT: port(3000, 'Port of the API'),
  METRICS_PORT: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: 65535,
      description: 'Port of the Prometheus metrics; PORT + 100 when not set',
    }),
  ),
  LOG_LEVEL: Type.Unsafe<LogLevel>(
    Type.Union(
      logLevels.map((level) => Type.Literal(level)),
      { default: 'info', description: 'Least level that is logged' },
    ),
  ),
  LOG_DIRECTORY: Type.Optional(
    Type.String({
      description: 'Directory for rotated log files besides standard output; none when not set',
    }),
  ),
  CORS_ORIGINS: Type.String({
    default: '',
    description: 'Origins whose pages may call the API, separated by commas; none when empty',
  }),
  TRUST_PROXY: Type.String({
    default: 'false',
    description:
      'Which proxies may tell the client address: false, or their addresses and ranges (10.2.0.0/16) separated by commas; true (all) and uniquelocal are refused in production',
  }),
  BLOCKED_USER_AGENTS: Type.String({
    default:
      'sqlmap,nikto,nuclei,nessus,acunetix,netsparker,wpscan,dirbuster,gobuster,feroxbuster,ffuf,masscan,zgrab,nmap,openvas,w3af,havij,arachni',
    description: 'Parts of names of programs that are refused, separated by commas; none when empty',
  }),
  BODY_LIMIT_BYTES: Type.Integer({
    minimum: 1024,
    maximum: 104_857_600,
    default: 262_144,
    description: 'Largest request body in bytes',
  }),
  URL_LIMIT_BYTES: Type.Integer({
    minimum: 256,
    maximum: 65_536,
    default: 4096,
    description: 'Longest URL in bytes',
  }),
  HEADER_LIMIT_BYTES: Type.Integer({
    minimum: 2048,
    maximum: 65_536,
    default: 16_384,
    description: 'Largest request head (request line and headers) in bytes',
  }),
  REQUEST_TIMEOUT_SECONDS: seconds(15, 'Time for a client to send a whole request; 0 is unbounded'),
  CONNECTION_TIMEOUT_SECONDS: seconds(75, 'Time a socket may be silent; 0 is unbounded'),
  // Longer than the wait for a connection and a statement together (10 s and 30 s), so that the inner bound speaks first.
  HANDLER_TIMEOUT_SECONDS: seconds(45, 'Time for the service to answer a request; 0 is unbounded'),
  SHUTDOWN_DEADLINE_SECONDS: seconds(10, 'Time to drain after SIGTERM before the process exits with 1'),
  SHUTDOWN_DRAIN_SECONDS: seconds(
    1,
    'Time between turning unready and closing the listener, for load balancers to notice',
  ),
  OVERLOAD_EVENT_LOOP_DELAY_MS: Type.Number({
    minimum: 0,
    default: 1000,
    description: 'Mean event loop delay above which requests are shed with 503; 0 never',
  }),
  OVERLOAD_REQUESTS_IN_FLIGHT: Type.Integer({
    minimum: 0,
    default: 4000,
    description:
      'Requests at once above which new ones are shed with 503, reports and exports at half of it; 0 never',
  }),
  HEALTH_TIMEOUT_MS: Type.Integer({
    minimum: 10,
    default: 1500,
    description: 'Time-out of one health check',
  }),
  REDIS_NODES: Type.String({
    pattern: '^[^,:\\s]+:\\d+(,[^,:\\s]+:\\d+)*$',
    default: '127.0.0.1:7000,127.0.0.1:7001,127.0.0.1:7002,127.0.0.1:7003,127.0.0.1:7004,127.0.0.1:7005',
    description:
      'Nodes of the Redis Cluster, host:port separated by commas; one that names the others is enough, such as the configuration endpoint of a managed one',
  }),
  REDIS_USERNAME: Type.Optional(
    Type.String({ description: 'User of the Redis Cluster; `default` when not set' }),
  ),
  REDIS_PASSWORD: Type.Optional(Type.String({ description: 'Password of the Redis Cluster', secret: true })),
  REDIS_TLS: Type.Union([Type.Literal('on'), Type.Literal('off')], {
    default: 'off',
    description: 'on speaks TLS with the Redis Cluster, and checks its certificates',
  }),
  REDIS_CA_FILE: Type.Optional(
    Type.String({
      description:
        'File with the certificate of the authority that Redis is certified by; those of Node when not set',
    }),
  ),
  REDIS_PREFIX: Type.Optional(
    Type.String({
      pattern: '^[\\w.-]{1,64}$',
      description:
        'Begins every key and channel, so that fleets can share a Redis Cluster, each with its own; the name of the database when not set',
    }),
  ),
  REDIS_COMMAND_TIMEOUT_MS: Type.Integer({
    minimum: 10,
    default: 250,
    description: 'Time-out of one Redis command on a request path',
  }),
  ACCESS_TOKEN_SECRET: secret('development-access-token-secret', 'Key that signs access tokens'),
  RATE_LIMITS: Type.Union([Type.Literal('on'), Type.Literal('off')], {
    default: 'on',
    description: 'off switches the rate limits off for load tests; production refuses it',
  }),
  ...rateLimits,
  ...tracingConfig,
}
