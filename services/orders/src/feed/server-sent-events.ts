import type { FeedEntry } from '@comanda/events'

/** The format of https://html.spec.whatwg.org/multipage/server-sent-events.html */
export const eventStream = 'text/event-stream'

/** When a client should come back after the end, in milliseconds: not all in the same moment. */
export function firstLine(): string {
  return `retry: ${Math.round(1000 + Math.random() * 3000)}\n\n`
}

export function entryEvent(entry: FeedEntry): string {
  return `id: ${entry.seq}\ndata: ${JSON.stringify(entry)}\n\n`
}

/** A comment: proxies and clients see that the connection lives. */
export const heartbeat = ':\n\n'

/** The last event of a stream that is ended here. It has no id, so the last number stays what it is. */
export function closingEvent(code: string): string {
  return `event: closing\ndata: ${JSON.stringify({ code })}\n\n`
}
