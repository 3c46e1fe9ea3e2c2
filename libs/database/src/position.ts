/**
 * A place in the write-ahead log as text of which later ones sort later: an LSN as 16 lower-case hexadecimal digits. It is
 * what clients are given as a consistency token.
 */
export type Position = string

export const positionPattern = '^[0-9a-f]{16}$'

/**
 * For a write whose position could not be read. No server can have replayed it, so a read that carries it is answered as of
 * the moment when it is made.
 */
export const unknownPosition: Position = 'f'.repeat(16)

/** @param bytes of WAL since the beginning of time, as Postgres subtracts `0/0` from an LSN */
export const positionOf = (bytes: number): Position => bytes.toString(16).padStart(16, '0')

/** NaN for what is no position, which no server has replayed either. */
export const bytesOf = (position: Position): number =>
  position.length === 16 ? Number(`0x${position}`) : Number.NaN
