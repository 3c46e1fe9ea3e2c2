import { once } from 'node:events'
import { connect } from 'node:net'
import type { Test } from 'tap'

export interface StreamEvent {
  id?: number
  event?: string
  data?: any
}

export interface EventStream {
  status: number
  headers: Headers
  /** The body of an answer that is no stream. */
  problem: () => Promise<any>
  /** The next event, past comments and `retry`. Undefined at the end. */
  next: () => Promise<StreamEvent | undefined>
  /** The next `count` events. */
  take: (count: number) => Promise<StreamEvent[]>
}

/** Reads server-sent events until the end of the test. */
export async function openEventStream(
  t: Test,
  url: string,
  headers: Record<string, string>,
): Promise<EventStream> {
  const leaving = new AbortController()
  t.teardown(() => leaving.abort())
  const response = await fetch(url, {
    headers: { accept: 'text/event-stream', ...headers },
    signal: leaving.signal,
  })
  const events = parse(response)
  const next = async () => (await events.next()).value ?? undefined
  return {
    status: response.status,
    headers: response.headers,
    problem: () => response.json(),
    next,
    async take(count) {
      const taken: StreamEvent[] = []
      while (taken.length < count) {
        const event = await next()
        if (event === undefined) break
        taken.push(event)
      }
      return taken
    },
  }
}

async function* parse(response: Response): AsyncGenerator<StreamEvent, undefined> {
  let text = ''
  const decoder = new TextDecoder()
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true })
    for (let end = text.indexOf('\n\n'); end !== -1; end = text.indexOf('\n\n')) {
      const fields = text
        .slice(0, end)
        .split('\n')
        .map((line) => /^(\w+): ?(.*)$/.exec(line))
      text = text.slice(end + 2)
      const field = (name: string) => fields.find((match) => match?.[1] === name)?.[2]
      const [id, event, data] = [field('id'), field('event'), field('data')]
      if (data === undefined) continue
      yield {
        ...(id === undefined ? {} : { id: Number(id) }),
        ...(event === undefined ? {} : { event }),
        data: JSON.parse(data),
      }
    }
  }
  return undefined
}

/** Opens a stream and never reads a byte of it. */
export async function openUnreadStream(t: Test, url: string, headers: object): Promise<void> {
  const { hostname, port, pathname, search } = new URL(url)
  const socket = connect(Number(port), hostname)
  t.teardown(() => socket.destroy())
  socket.on('error', () => {})
  socket.pause()
  await once(socket, 'connect')
  const lines = Object.entries({ host: hostname, accept: 'text/event-stream', ...headers })
  socket.write(
    `GET ${pathname}${search} HTTP/1.1\r\n${lines.map((line) => line.join(': ')).join('\r\n')}\r\n\r\n`,
  )
}
