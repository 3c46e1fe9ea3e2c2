/** The sharded channel on which workers are woken, and the two messages on it. */
export const wakeChannel = 'comanda:wake'
export const wakeMessage = 'wake'
/** Of a worker to itself and the others: it wakes nobody, and tells that wakes would come through. */
export const probeMessage = 'probe'
