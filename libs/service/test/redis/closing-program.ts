// Uses Redis as a service does, and gives it up while it asks for the nodes of the cluster. A test sees whether the process ends.
import { testRedisNodes } from '@comanda/local-stack/testing'
import { createRedis } from '#src/index.ts'
import { redisReady } from '#src/testing/index.ts'

const silent = { warn: () => undefined, info: () => undefined }
const redis = createRedis({ REDIS_NODES: testRedisNodes(), REDIS_COMMAND_TIMEOUT_MS: 20_000 }, silent)
await redisReady(redis)
redis.refreshSlotsCache()
redis.disconnect()
