import { executionAsyncResource } from 'node:async_hooks'
import { setFlagsFromString } from 'node:v8'

// What a service wants of V8. It takes effect when this module is loaded, which has to be before all others: ADR 15.

// V8 forgets the code of functions that were not called for a few collections, and an idle process collects: after ten quiet seconds
// an answer from Redis took half as long again, for several seconds. All that code is some 3 MB.
setFlagsFromString('--no-flush-bytecode')

// An entry of the queue of `process.nextTick`, kept for the life of the process. A full collection that finds none forgets the shape of
// these entries, and V8 then makes every new one the slow way, for good.
let tick: object | undefined
process.nextTick(() => {
  tick ??= executionAsyncResource()
})
