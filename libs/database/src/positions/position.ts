/**
 * A place in the write-ahead log: an LSN as 16 lower-case hexadecimal digits, so that later positions sort later as text. Clients are
 * given it as a consistency token.
 */
export type Position = string

export const positionPattern = '^[0-9a-f]{16}$'

/**
 * Stands for the position of a write whose position could not be read. No server can have replayed it, so a read after it is answered
 * by the primary, or by a replica that has replayed all that the primary has now.
 */
export const unknownPosition: Position = 'f'.repeat(16)

/** The position after so many bytes of WAL, which is what Postgres gives when it subtracts `0/0` from an LSN. */
export const positionOf = (bytes: number): Position => bytes.toString(16).padStart(16, '0')

/** The bytes of WAL before a position; NaN for text that is no position, which no server counts as replayed. */
export const bytesOf = (position: Position): number =>
  position.length === 16 ? Number(`0x${position}`) : Number.NaN
