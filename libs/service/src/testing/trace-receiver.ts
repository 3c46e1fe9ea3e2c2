import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { setTimeout as wait } from 'node:timers/promises'

type Value = { stringValue?: string; intValue?: number; doubleValue?: number; boolValue?: boolean }
interface Attribute {
  key: string
  value: Value
}

/** A span as OTLP has it, with its attributes as an object and the name of its service. */
export interface ReceivedSpan {
  service: string
  name: string
  /** 2 server, 3 client, 4 producer, 5 consumer. */
  kind: number
  traceId: string
  spanId: string
  parentSpanId?: string
  attributes: Record<string, unknown>
  status: { code?: number }
  startTimeUnixNano: string
  endTimeUnixNano: string
}

export interface TraceReceiver {
  /** For `OTEL_EXPORTER_OTLP_ENDPOINT`. */
  url: string
  /** All that came so far. */
  spans: ReceivedSpan[]
  /** Waits until a span came for which `wanted` holds; the time-out of the test bounds it. */
  waitFor: (wanted: (span: ReceivedSpan) => boolean) => Promise<ReceivedSpan>
  close: () => void
}

interface Sent {
  resourceSpans: {
    resource: { attributes: Attribute[] }
    scopeSpans: { spans: (Omit<ReceivedSpan, 'service' | 'attributes'> & { attributes: Attribute[] })[] }[]
  }[]
}

/** Receives traces by OTLP over HTTP, in JSON, as a collector does. It answers with `status`, which may be changed. */
export async function startTraceReceiver(
  options: { status: number } = { status: 200 },
): Promise<TraceReceiver> {
  const spans: ReceivedSpan[] = []
  const server = createServer((request, response) => void take(request, response))
  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const sent = (await json(request)) as Sent
    if (options.status === 200 && request.url === '/v1/traces') spans.push(...spansOf(sent))
    response.writeHead(options.status, { 'content-type': 'application/json' }).end('{}')
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    async waitFor(wanted) {
      for (;;) {
        const found = spans.find(wanted)
        if (found !== undefined) return found
        await wait(20)
      }
    },
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}

function spansOf({ resourceSpans }: Sent): ReceivedSpan[] {
  return resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const service = String(objectOf(resource.attributes)['service.name'])
    return scopeSpans.flatMap((scope) =>
      scope.spans.map((span) => ({ ...span, service, attributes: objectOf(span.attributes) })),
    )
  })
}

function objectOf(attributes: Attribute[]): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]))
}
