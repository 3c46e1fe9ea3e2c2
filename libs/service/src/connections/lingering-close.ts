import type { Socket } from 'node:net'

/** More than a client may still be sending by mistake, and less than is worth sending on purpose. */
const mostBytes = 16 * 1024 * 1024
/**
 * A process that stops waits for its connections, for 10 s by default (`SHUTDOWN_DEADLINE_SECONDS`), and these must not use all of that:
 * half of it is left for the time before the listener closes and for what follows.
 */
const mostMilliseconds = 5_000

/**
 * Closes a connection whose client may still be sending, after what was written to it: reads and discards up to a bound of bytes
 * and time. A socket that is closed with unread bytes resets the connection, and the client's system then throws the answer away
 * before the client has read it (RFC 9112, section 9.6, calls this closing in stages).
 */
export function lingeringClose(socket: Socket): void {
  let left = mostBytes
  const timer = setTimeout(() => socket.destroy(), mostMilliseconds).unref()
  // The parser of HTTP must not see another request in these bytes: nobody would answer it.
  socket.removeAllListeners('data')
  socket.on('data', ({ length }: Buffer) => {
    left -= length
    if (left < 0) socket.destroy()
  })
  socket.once('end', () => socket.destroy())
  socket.once('close', () => clearTimeout(timer))
  socket.end()
  socket.resume()
}
