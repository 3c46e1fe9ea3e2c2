import { clearTimeout, setTimeout } from 'node:timers'
import { WebSocket as NodeWebSocket } from 'ws'
import type { Metrics } from './metrics.ts'

interface RequestOptions {
  headers: Record<string, string>
  tags: Record<string, string>
  responseCallback: readonly number[]
}

/** The modules of k6 that scripts here import, made of Node's. What is missing fails where it is called. */
export function createModules(metrics: Metrics): Record<string, unknown> {
  async function asyncRequest(method: string, url: string, body: string | null, options: RequestOptions) {
    const begun = performance.now()
    const { headers, tags, responseCallback } = options
    const answered = await fetch(url, { method, headers, body }).then(
      async (response) => ({ status: response.status, body: await response.text(), error: '' }),
      (error: unknown) => ({ status: 0, body: null, error: String(error) }),
    )
    metrics.add('http_reqs', 1, tags)
    metrics.add('http_req_duration', performance.now() - begun, tags)
    metrics.add('http_req_failed', responseCallback.includes(answered.status) ? 0 : 1, tags)
    return answered
  }

  const metricClass = (kind: 'counter' | 'trend') =>
    class {
      readonly name: string
      constructor(name: string) {
        this.name = name
        metrics.define(name, kind)
      }
      add(value: number): void {
        metrics.add(this.name, value)
      }
    }

  class WebSocket {
    readonly socket: NodeWebSocket
    constructor(url: string) {
      this.socket = new NodeWebSocket(url)
    }
    addEventListener(name: string, listener: (event: object) => void): void {
      if (name === 'message') this.socket.on(name, (data) => listener({ data: (data as Buffer).toString() }))
      else if (name === 'error') this.socket.on(name, (error) => listener({ error: error.message }))
      else this.socket.on(name, () => listener({}))
    }
    send(text: string): void {
      this.socket.send(text)
    }
    close(): void {
      this.socket.close()
    }
  }

  const execution = { vu: { idInTest: 1, iterationInScenario: 0 } }
  const http = { asyncRequest, expectedStatuses: (...statuses: number[]) => statuses }
  return {
    k6: {},
    'k6/data': { SharedArray: sharedArray },
    'k6/execution': execution,
    'k6/http': http,
    'k6/metrics': { Counter: metricClass('counter'), Trend: metricClass('trend') },
    'k6/timers': { setTimeout, clearTimeout },
    'k6/websockets': { WebSocket },
  }
}

/** k6 gives a copy of what is asked for, and only by index. To be called with `new`, which returns what a function does. */
function sharedArray(_name: string, make: () => unknown[]): object {
  const items = make().map((item) => JSON.stringify(item))
  return new Proxy(
    {},
    {
      get(_target, key) {
        if (key === 'length') return items.length
        const item = items[Number(String(key))]
        return item === undefined ? undefined : (JSON.parse(item) as unknown)
      },
    },
  )
}
