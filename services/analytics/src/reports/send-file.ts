import { Readable } from 'node:stream'
import { clientSignal } from '@comanda/service'
import type { FastifyReply } from 'fastify'
import { csvType } from './csv-cells.ts'

/**
 * Sends a file as it is generated, and generates it as fast as it is read. A file that cannot be finished is cut off: the connection is
 * closed before the end of the answer, besides the last line that is missing.
 * @param begin begins it; its signal is aborted when the client leaves
 */
export async function sendFile(
  reply: FastifyReply,
  name: string,
  begin: (signal: AbortSignal) => Promise<AsyncGenerator<string>>,
): Promise<Readable> {
  const signal = clientSignal(reply)
  const lines = await begin(signal)
  reply.type(`${csvType}; charset=utf-8; header=present`).headers({
    'content-disposition': `attachment; filename="${name}.csv"`,
    'cache-control': 'no-store',
    vary: 'accept',
  })
  return Readable.from(untilAborted(lines, signal), { objectMode: false })
}

/** Ends quietly when nobody reads any more, because that is no fault that anybody has to hear of. */
async function* untilAborted(lines: AsyncGenerator<string>, signal: AbortSignal): AsyncGenerator<string> {
  try {
    yield* lines
  } catch (error) {
    if (!signal.aborted) throw error
  }
}
