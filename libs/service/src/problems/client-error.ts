import { randomUUID } from 'node:crypto'
import type { Socket } from 'node:net'
import type { AppError } from '@comanda/errors'
import { lingeringClose } from '../connections/lingering-close.ts'
import { platformErrors as errors } from './platform.errors.ts'
import { problemMediaType, problemOf } from './problem.ts'

const reasons: Record<string, () => AppError> = {
  HPE_HEADER_OVERFLOW: () => errors.headers_too_large(),
  ERR_HTTP_REQUEST_TIMEOUT: () => errors.request_timeout(),
}

/** Answers what Node could not read as HTTP, on the bare socket: there is no request, so it gets an id here. */
export function answerClientError(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) {
    socket.destroy()
    return
  }
  const problem = problemOf((reasons[error.code ?? ''] ?? errors.malformed_request)(), '/', randomUUID())
  const body = JSON.stringify(problem)
  const head = [
    `HTTP/1.1 ${problem.status} ${problem.title}`,
    `content-type: ${problemMediaType}`,
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ]
  socket.write(`${head.join('\r\n')}\r\n\r\n${body}`)
  lingeringClose(socket)
}
