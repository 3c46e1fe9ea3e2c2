/** An entry as Redis keeps it. Times are wall-clock times, because processes on other machines read them. */
export interface StoredEntry {
  /** Names one write of the key. */
  id: Buffer
  /** Milliseconds since 1970: until then fresh, and until then worth serving while it is loaded anew. */
  freshUntil: number
  staleUntil: number
  tags: string[]
  generations: number[]
  ban: number
  /** The generation of the key itself: deleting the key sets another one. */
  keyGeneration: string
  payload: Buffer
}

export const idBytes = 16

type Head = Omit<StoredEntry, 'id' | 'payload'>

/** Lays an entry out as the id, the length of the head, the head as JSON, and the payload. */
export function packEntry({ id, payload, ...head }: StoredEntry): Buffer {
  const text = Buffer.from(JSON.stringify(head satisfies Head))
  const packed = Buffer.allocUnsafe(idBytes + 4 + text.length + payload.length)
  id.copy(packed)
  packed.writeUInt32BE(text.length, idBytes)
  text.copy(packed, idBytes + 4)
  payload.copy(packed, idBytes + 4 + text.length)
  return packed
}

/** The entry in what `packEntry` made, undefined for anything else. The payload shares the memory of `packed`. */
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
