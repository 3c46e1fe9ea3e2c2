import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { findFreePorts, findOrInstallProgram } from '@comanda/local-stack/testing'

/** A request as nginx saw it. */
export interface ProxiedRequest {
  status: number
  /** The address of the pod; empty when none was reached. */
  upstream: string
  request: string
}

export type Upstreams = Record<'orders' | 'realtime', readonly string[]>

/**
 * A real nginx in front of the fleet. It never tries a second pod, though gateways do when one refuses a connection: what a
 * pod fails, a person sees.
 */
export interface Proxy {
  url: string
  /** host:port of the pods that get new requests from now on. Connections that are open stay where they are. */
  use: (upstreams: Upstreams) => void
  /** In the order in which they ended: a websocket is not among them while it is open. */
  requests: () => ProxiedRequest[]
  /** What it complained of so far. */
  errors: () => string[]
  stop: () => Promise<void>
}

export async function startProxy(upstreams: Upstreams): Promise<Proxy> {
  const nginx = await findOrInstallProgram(
    {
      names: ['nginx'],
      packages: { 'apt-get': 'nginx', brew: 'nginx', dnf: 'nginx' },
      missing: 'The rolling restart is tested behind nginx: install it with your package manager.',
    },
    console.log,
  )
  const directory = mkdtempSync(join(tmpdir(), 'comanda-nginx-'))
  const port = await findFreePorts(1)
  const file = join(directory, 'nginx.conf')
  const lines = (log: string) => readFileSync(join(directory, log), 'utf8').split('\n').filter(Boolean)
  /** At once, because nginx may be reading the one before. */
  function write(wanted: Upstreams): void {
    writeFileSync(`${file}.new`, configuration(directory, port, wanted))
    renameSync(`${file}.new`, file)
  }
  write(upstreams)
  const child = spawn(nginx, ['-p', directory, '-c', file, '-e', join(directory, 'error.log')], {
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  await listening(child, port)
  return {
    url: `http://127.0.0.1:${port}`,
    use(wanted) {
      write(wanted)
      child.kill('SIGHUP')
    },
    requests: () => lines('access.log').map(parseLine),
    errors: () => lines('error.log').filter((line) => !line.includes('[notice]')),
    async stop() {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGTERM')
        await once(child, 'exit')
      }
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

const servers = (addresses: readonly string[]) =>
  (addresses.length > 0 ? addresses : ['127.0.0.1:9 down'])
    .map((address) => `server ${address} max_fails=0;`)
    .join(' ')

const configuration = (directory: string, port: number, { orders, realtime }: Upstreams) => `
daemon off;
${process.getuid?.() === 0 ? 'user root;' : ''}
worker_processes 1;
pid ${directory}/nginx.pid;
events { worker_connections 4096; }
http {
  log_format pods '$status\\t$upstream_addr\\t$request';
  access_log ${directory}/access.log pods;
  ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((kind) => `${kind}_temp_path ${directory}/${kind};`).join(' ')}
  upstream orders { ${servers(orders)} keepalive 32; }
  upstream realtime { ${servers(realtime)} }
  map $http_upgrade $connection_header { default upgrade; '' ''; }
  server {
    listen 127.0.0.1:${port} backlog=4096;
    proxy_http_version 1.1;
    proxy_next_upstream off;
    proxy_set_header Connection $connection_header;
    proxy_set_header Upgrade $http_upgrade;
    proxy_set_header Host $host;
    proxy_set_header X-Forwarded-For $remote_addr;
    location / { proxy_pass http://orders; }
    location /socket.io/ { proxy_pass http://realtime; proxy_read_timeout 1h; proxy_buffering off; }
  }
}
`

function parseLine(line: string): ProxiedRequest {
  const [status = '', upstream = '', request = ''] = line.split('\t')
  return { status: Number(status), upstream: upstream === '-' ? '' : upstream, request }
}

async function listening(child: ChildProcess, port: number): Promise<void> {
  for (;;) {
    if (child.exitCode !== null) throw new Error(`nginx ended with ${child.exitCode}`)
    const answered = await fetch(`http://127.0.0.1:${port}/`, { method: 'HEAD' }).then(
      () => true,
      () => false,
    )
    if (answered) return
    await wait(20)
  }
}
