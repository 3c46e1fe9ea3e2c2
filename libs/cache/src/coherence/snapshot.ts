import type { Bans } from './bans.ts'
import { isKnown, type Tag } from './tags.ts'
import type { Topic } from './topic.ts'

/** What an entry depends on, as it was known before its load began. */
export interface Snapshot {
  readonly key: string
  readonly tags: readonly Tag[]
  readonly generations: readonly number[]
  readonly keyTopic: Topic
  readonly keyEpoch: number
  /** The number of the newest banned pattern that the key was compared with. */
  ban: number
  /** When all of it was last known to be true, on the clock of `performance.now()`. */
  readonly confirmedAt: number
}

/** `doubtful`: nothing newer is known, but it is not sure that it would be. */
export type SnapshotStanding = 'current' | 'doubtful' | 'outdated'

/** For this long an entry is believed when Redis cannot be asked. */
const beliefMs = 1000

/** What is known of the key and its tags now; `ban` is the number of the newest ban. */
export function takeSnapshot(key: string, keyTopic: Topic, tags: readonly Tag[], ban: number): Snapshot {
  return {
    key,
    tags,
    generations: tags.map((tag) => tag.generation),
    keyTopic,
    keyEpoch: keyTopic.epoch,
    ban,
    confirmedAt: performance.now(),
  }
}

/** Compares what was known then with what is known now, without asking Redis; `now` is on the clock of `performance.now()`. */
export function standingOf(snapshot: Snapshot, bans: Bans, now: number): SnapshotStanding {
  const { tags, generations, keyTopic } = snapshot
  let sure = snapshot.keyEpoch === keyTopic.epoch && now < keyTopic.liveUntil && bans.areKnown(now)
  for (let index = 0; index < tags.length; index++) {
    const tag = tags[index] as Tag
    if (tag.generation > (generations[index] as number)) return 'outdated'
    if (!isKnown(tag, now)) sure = false
  }
  if (snapshot.ban < bans.newest()) {
    if (bans.forbid(snapshot.key, snapshot.ban)) return 'outdated'
    snapshot.ban = bans.newest()
  }
  return sure ? 'current' : 'doubtful'
}

/** Whether an entry may be served: it is current, or nothing is known against it and it was confirmed a moment ago. */
export function isUsable(snapshot: Snapshot, bans: Bans, now: number): boolean {
  const standing = standingOf(snapshot, bans, now)
  return standing === 'current' || (standing === 'doubtful' && now - snapshot.confirmedAt < beliefMs)
}
