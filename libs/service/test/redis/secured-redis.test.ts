import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as wait } from 'node:timers/promises'
import { findFreePorts } from '@comanda/local-stack/testing'
import t, { type Test } from 'tap'
import { createRedis, createRedisSubscriber } from '#src/index.ts'
import { redisReady } from '#src/testing/index.ts'

const silent = { warn: () => undefined, info: () => undefined }
const [username, password] = ['comanda', 'a_password_of_the_test']

/** A cluster of one node that only speaks TLS, with a certificate of its own authority, and only lets in one user. */
async function startSecuredRedis(t: Test) {
  const directory = mkdtempSync(join(tmpdir(), 'comanda-redis-'))
  const port = await findFreePorts(1, 10_000)
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: directory, stdio: 'ignore' })
  const pair = (name: string) => ['-newkey', 'rsa:2048', '-nodes', '-keyout', `${name}.key`]
  openssl('req', '-x509', ...pair('ca'), '-out', 'ca.crt', '-subj', '/CN=authority', '-days', '2')
  openssl(
    'req',
    '-x509',
    ...pair('node'),
    '-out',
    'node.crt',
    '-subj',
    '/CN=localhost',
    '-days',
    '2',
    '-CA',
    'ca.crt',
    '-CAkey',
    'ca.key',
    '-addext',
    'subjectAltName=DNS:localhost',
    '-addext',
    'basicConstraints=CA:FALSE',
  )
  const settings = {
    port: 0,
    'tls-port': port,
    bind: '127.0.0.1',
    dir: directory,
    save: '',
    'tls-cert-file': 'node.crt',
    'tls-key-file': 'node.key',
    'tls-ca-cert-file': 'ca.crt',
    'tls-auth-clients': 'no',
    'tls-cluster': 'yes',
    'cluster-enabled': 'yes',
    'cluster-port': port + 1000,
    'cluster-announce-hostname': 'localhost',
    'cluster-preferred-endpoint-type': 'hostname',
  }
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)])
  args.push('--user', 'default', 'off', '--user', username, 'on', `>${password}`, '~*', '&*', '+@all')
  const server = spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const said = text(server.stdout)
  // Rejects when there is no such program.
  const ended = once(server, 'close')
  t.teardown(async () => {
    server.kill('SIGKILL')
    await ended
    rmSync(directory, { recursive: true })
  })
  await once(server, 'spawn')
  const cli = (...command: string[]) =>
    execFileSync(
      'redis-cli',
      [
        '-h',
        'localhost',
        '-p',
        String(port),
        '--tls',
        '--cacert',
        join(directory, 'ca.crt'),
        '--user',
        username,
        '--pass',
        password,
        ...command,
      ],
      { stdio: ['ignore', 'pipe', 'ignore'] },
    ).toString()
  const given = performance.now()
  const until = async (isTrue: () => boolean) => {
    for (let failure: unknown; ; await wait(50)) {
      if (server.exitCode !== null) throw new Error(`redis-server did not start: ${await said}`)
      if (performance.now() - given > 60_000) throw new Error('redis-server is not ready', { cause: failure })
      try {
        if (isTrue()) return
      } catch (error) {
        failure = error
      }
    }
  }
  await until(() => cli('ping').includes('PONG'))
  cli('cluster', 'addslotsrange', '0', '16383')
  await until(() => cli('cluster', 'info').includes('cluster_state:ok'))
  return { port, ca: join(directory, 'ca.crt') }
}

t.test('a cluster behind one endpoint is spoken to over TLS, with a user and a password', async (t) => {
  const { port, ca } = await startSecuredRedis(t)
  const config = {
    REDIS_NODES: `localhost:${port}`,
    REDIS_COMMAND_TIMEOUT_MS: 20_000,
    REDIS_TLS: 'on' as const,
    REDIS_CA_FILE: ca,
    REDIS_USERNAME: username,
    REDIS_PASSWORD: password,
  }
  const redis = createRedis(config, silent)
  const subscriber = createRedisSubscriber(config, silent)
  t.teardown(() => [redis, subscriber].forEach((client) => client.disconnect()))
  await redisReady(redis)
  t.equal(await redis.set('key', 'value'), 'OK')
  t.equal(await redis.get('key'), 'value')
  const heard = once(subscriber, 'smessage')
  await subscriber.ssubscribe('channel')
  await redis.spublish('channel', 'message')
  t.same((await heard).slice(0, 2), ['channel', 'message'])

  for (const wrong of [
    { REDIS_CA_FILE: undefined },
    { REDIS_PASSWORD: 'wrong' },
    { REDIS_TLS: 'off' as const },
  ]) {
    const lines: object[] = []
    const { REDIS_CA_FILE, ...rest } = { ...config, ...wrong }
    const refused = createRedis(
      { ...rest, ...(REDIS_CA_FILE === undefined ? {} : { REDIS_CA_FILE }) },
      { ...silent, warn: (facts) => void lines.push(facts) },
    )
    t.teardown(() => refused.disconnect())
    while (lines.length === 0) await wait(20)
    t.not(refused.status, 'ready', JSON.stringify(Object.keys(wrong)))
  }
})
