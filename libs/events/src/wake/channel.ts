/** The sharded channel on which the workers of the fleet with this `redisPrefix` are woken. */
export const wakeChannel = (prefix: string) => `${prefix}:wake`
/** The message that wakes the workers. */
export const wakeMessage = 'wake'
/** A message that wakes nobody: a worker sends it to see whether wakes would come through. */
export const probeMessage = 'probe'
