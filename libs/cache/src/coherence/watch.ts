import type { Cluster } from 'ioredis'
import { liveMs, type Topic, type Topics } from './topic.ts'

/** What one message says was invalidated. */
export interface Invalidation {
  tags?: [name: string, generation: string, minimum: string][]
  /** The id of the process that changed it, a space, and the key. */
  key?: string
  pattern?: string
}

export interface WatchOptions {
  topics: Topics
  redis: Cluster
  /** Listens to sharded channels; without it only polls notice changes. */
  subscriber: Cluster
  onChange: (sequence: number, change: Invalidation) => void
  /** Changes of the topic were missed, or Redis lost some that it had acknowledged. */
  onMissed: (topic: Topic) => void
  onFailure: (error: unknown) => void
}

interface Message extends Invalidation {
  previous: string
  sequence: string
}

/**
 * Follows the changes of all topics. Every message names its predecessor, and every poll compares with what Redis has counted:
 * whatever the way in which one was lost (a failover, a subscription that is no more), it is noticed within two polls.
 */
export function createWatch({ topics, redis, subscriber, onChange, onMissed, onFailure }: WatchOptions) {
  function miss(topic: Topic, sequence: number) {
    topic.epoch++
    topic.sequence = sequence
    onMissed(topic)
  }

  function hear(channel: string, text: string) {
    const topic = topics.byChannel(channel)
    if (topic === undefined) return
    const { previous, sequence, ...change } = JSON.parse(text) as Message
    if (topic.sequence !== undefined) {
      if (Number(previous) !== topic.sequence) miss(topic, Number(sequence))
      topic.sequence = Number(sequence)
    }
    onChange(Number(sequence), change)
  }

  async function pollTopic(topic: Topic): Promise<void> {
    const before = topic.sequence
    const at = performance.now()
    const counted = Number((await redis.get(topic.sequenceKey)) ?? 0)
    if (before === undefined) {
      topic.sequence = counted
      onMissed(topic)
    } else if (counted < before || (topic.sequence as number) < topic.expected) miss(topic, counted)
    topic.expected = counted
    topic.liveUntil = at + liveMs
  }

  subscriber.on('smessage', hear)
  for (const { channel } of topics.all) subscriber.ssubscribe(channel).catch(onFailure)

  return {
    /** Asks Redis once for every topic; resolves to whether all of them answered. */
    async poll(): Promise<boolean> {
      const results = await Promise.allSettled(topics.all.map(pollTopic))
      const failed = results.find((result) => result.status === 'rejected')
      if (failed !== undefined) onFailure(failed.reason)
      return failed === undefined
    },
    close(): void {
      subscriber.off('smessage', hear)
      // Not waited for: a client without a connection would wait for ever.
      for (const { channel } of topics.all) subscriber.sunsubscribe(channel).catch(() => undefined)
    },
  }
}
