import type { FeedEntry } from '@comanda/events'

/** The format of https://html.spec.whatwg.org/multipage/server-sent-events.html */
export const eventStream = 'text/event-stream'

/** The pause in milliseconds before a client reconnects. It is random, so that not all clients reconnect at the same moment. */
export function firstLine(): string {
  return `retry: ${Math.round(1000 + Math.random() * 3000)}\n\n`
}

export function entryEvent(entry: FeedEntry): string {
  return `id: ${entry.seq}\ndata: ${JSON.stringify(entry)}\n\n`
}

/** A comment, by which proxies and clients see that the connection is alive. */
export const heartbeat = ':\n\n'

/** The last event of a stream that is ended here. It has no id, so the last number stays what it is. */
export function closingEvent(code: string): string {
  return `event: closing\ndata: ${JSON.stringify({ code })}\n\n`
}
