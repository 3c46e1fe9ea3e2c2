import exec from 'k6/execution'
import http from 'k6/http'
import { Counter, Trend } from 'k6/metrics'
import { setTimeout } from 'k6/timers'
import { WebSocket } from 'k6/websockets'
import type { Counted, Device, ProfileAnswer, ProfileRequest, SocketWish } from '../profiles/device.ts'
import { openNamespace, socketAddress, type TextSocketEvents } from '../profiles/socket-io.ts'
import type { World } from '../profiles/world.ts'

// k6 wants metrics to be made before anything runs.
const counters: Record<Counted, Counter> = {
  orders_placed: new Counter('orders_placed'),
  orders_declined: new Counter('orders_declined'),
  sockets_opened: new Counter('sockets_opened'),
  sockets_lost: new Counter('sockets_lost'),
  events_missed: new Counter('events_missed'),
  actions_failed: new Counter('actions_failed'),
}
const eventDelay = new Trend('event_delay', true)

/** The device of a virtual user. */
export function createDevice({ url, gatewayUrl }: Pick<World, 'url' | 'gatewayUrl'>): Device {
  let keys = 0
  const count = (what: Counted) => counters[what].add(1)
  return {
    send: (request) => send(url, request),
    openSocket: (wish: SocketWish) =>
      openNamespace(
        wish,
        (events) => connect(gatewayUrl, events),
        () => count('sockets_lost'),
      ),
    pause: (seconds) => new Promise((resolve) => void setTimeout(() => resolve(), seconds * 1000)),
    random: Math.random,
    newKey: () => `load-${Date.now()}-${exec.vu.idInTest}-${keys++}-${Math.random().toString(36).slice(2)}`,
    count,
    recordEventDelay: (milliseconds) => eventDelay.add(milliseconds),
    onAcknowledged: null,
  }
}

async function send(url: string, request: ProfileRequest): Promise<ProfileAnswer> {
  const { operation, method, path, token, body, headers, expected } = request
  const response = await http.asyncRequest(
    method,
    url + path,
    body === undefined ? null : JSON.stringify(body),
    {
      headers: {
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      // One name for every order and cafeteria: k6 keeps figures by name.
      tags: { name: operation, operation },
      // Any other status counts as failed.
      responseCallback: http.expectedStatuses(...expected),
      responseType: 'text',
      timeout: '30s',
    },
  )
  const { status, error } = response
  const isExpected = expected.includes(status)
  if (!isExpected) console.error(`${method} ${path} was answered ${status} ${error} ${response.body ?? ''}`)
  return { status, expected: isExpected, body: parse(response.body) }
}

function parse(text: string | null): unknown {
  try {
    return JSON.parse(text ?? '')
  } catch {
    return null
  }
}

interface EventSource {
  addEventListener: (name: string, listener: (event: { data?: unknown; error?: unknown }) => void) => void
}

function connect(gatewayUrl: string, { onText, onClosed }: TextSocketEvents) {
  const socket = new WebSocket(socketAddress(gatewayUrl))
  // The names are an enumeration that exists for TypeScript only.
  const target = socket as unknown as EventSource
  const on: EventSource['addEventListener'] = (name, listener) => target.addEventListener(name, listener)
  on('message', ({ data }) => onText(String(data)))
  on('error', ({ error }) => onClosed(String(error)))
  on('close', () => onClosed('closed'))
  return { send: (text: string) => socket.send(text), close: () => socket.close() }
}
