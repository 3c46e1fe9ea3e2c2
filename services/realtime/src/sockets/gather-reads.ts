import DataLoader from 'dataloader'

/** How long a read waits for others to share its statement with. */
const gatherMilliseconds = 3
const mostTogether = 500

/**
 * Reads things by id for sockets, those that are asked for in one moment in one statement: many clients come at once after
 * the end of another gateway. A read never begins before it was asked for. Undefined: there is no such thing.
 * @param list what there is of these ids, which are in lower case and each there once
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
