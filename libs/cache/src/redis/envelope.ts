/** An entry as Redis keeps it. Times are of the clock of the wall, because processes on other machines read them. */
export interface StoredEntry {
  /** Names one write of the key. */
  id: Buffer
  /** Milliseconds since 1970: until then fresh, and until then worth serving while it is loaded anew. */
  freshUntil: number
  staleUntil: number
  tags: string[]
  generations: number[]
  ban: number
  /** Of the key itself: another one was set when the key was deleted. */
  keyGeneration: string
  payload: Buffer
}

export const idBytes = 16

type Head = Omit<StoredEntry, 'id' | 'payload'>

/** The id, the length of the head, the head as JSON, the payload. */
export function packEntry({ id, payload, ...head }: StoredEntry): Buffer {
  const text = Buffer.from(JSON.stringify(head satisfies Head))
  const packed = Buffer.allocUnsafe(idBytes + 4 + text.length + payload.length)
  id.copy(packed)
  packed.writeUInt32BE(text.length, idBytes)
  text.copy(packed, idBytes + 4)
  payload.copy(packed, idBytes + 4 + text.length)
  return packed
}

/** Undefined for what is not an entry. The payload shares the memory of `packed`. */
export function unpackEntry(packed: Buffer): StoredEntry | undefined {
  if (packed.length < idBytes + 4) return undefined
  const start = idBytes + 4
  const end = start + packed.readUInt32BE(idBytes)
  try {
    const head = JSON.parse(packed.toString('utf8', start, end)) as Head
    return { ...head, id: packed.subarray(0, idBytes), payload: packed.subarray(end) }
  } catch {
    return undefined
  }
}
