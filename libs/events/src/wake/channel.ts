/** The sharded channel on which the workers of a fleet are woken, and the two messages on it. */
export const wakeChannel = (prefix: string) => `${prefix}:wake`
export const wakeMessage = 'wake'
/** Of a worker to itself and the others: it wakes nobody, and tells that wakes would come through. */
export const probeMessage = 'probe'
