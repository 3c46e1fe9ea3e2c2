import DataLoader from 'dataloader'

/** How long a read waits for others to share its statement with. */
const gatherMilliseconds = 3
const mostTogether = 500

/**
 * Reads things by id for sockets, and batches what is asked for at the same time into one statement, because many clients connect at
 * once when another gateway ends. No answer is older than its question. Undefined: there is no such thing.
 * @param list reads what exists of these ids, which are distinct and in lower case
 */
export function gatherReads<Found>(
  list: (ids: readonly string[]) => Promise<ReadonlyMap<string, Found>>,
): (id: string) => Promise<Found | undefined> {
  const loader = new DataLoader<string, Found | undefined>(
    async (ids) => {
      const found = await list([...new Set(ids)])
      return ids.map((id) => found.get(id))
    },
    {
      cache: false,
      maxBatchSize: mostTogether,
      batchScheduleFn: (read) => setTimeout(read, gatherMilliseconds),
    },
  )
  return (id) => loader.load(id.toLowerCase())
}
