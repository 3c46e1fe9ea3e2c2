import pino, { type DestinationStream } from 'pino'
import { atExit } from './at-exit.ts'

const bufferBytes = 32_768
const flushEveryMs = 100

/** UTF-8 takes at most this many bytes for a UTF-16 unit. */
const mostBytesPerUnit = 3

/** A destination that writes what it holds when asked to. */
export interface BufferedLines extends DestinationStream {
  /** Writes now, and waits for it. */
  flushSync(): void
}

/**
 * Buffers lines for a file descriptor and writes them 32 kB at a time, at the latest after 100 ms, and at exit. Each is encoded once, into the
 * buffer that will be written: pino's own destination appends strings, and counting and copying them was most of what a line
 * cost (7 µs; this is below 1). Writes go through the thread pool.
 */
export function bufferedLines(fd: number): BufferedLines {
  // Before the destination's own listener, which writes what it was given.
  atExit({ beforeExit: hand, exit: flushSync })
  const destination = pino.destination({ dest: fd, sync: false, contentMode: 'buffer' })
  let buffer = Buffer.allocUnsafeSlow(bufferBytes)
  let used = 0
  setInterval(hand, flushEveryMs).unref()

  function hand() {
    if (used === 0) return
    give(buffer.subarray(0, used))
    buffer = Buffer.allocUnsafeSlow(bufferBytes)
    used = 0
  }

  function give(bytes: Buffer) {
    // Its type knows only text.
    destination.write(bytes as unknown as string)
  }

  function flushSync() {
    hand()
    destination.flushSync()
  }

  return {
    flushSync,
    write(line) {
      const most = line.length * mostBytesPerUnit
      if (used + most > bufferBytes) hand()
      if (most > bufferBytes) give(Buffer.from(line))
      else used += buffer.write(line, used)
    },
  }
}
