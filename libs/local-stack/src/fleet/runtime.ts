/**
 * What the runtime of a service is told about memory and threads, here as where it is deployed.
 *
 * A young generation of 8 MB: by itself V8 lets it grow to a hundred, and a collection of it then takes tens of
 * milliseconds. One thread beside the main one for V8's own work: with four, the collector had both cores for 40 ms, and the main thread
 * waited (ADR 15). Blocks of a megabyte and more are given back to the system when they are freed: glibc otherwise keeps the
 * 19 MB of a password hash for every thread that made one. Two arenas for all threads are 7 MB less than one for each, and were as
 * fast.
 */
export const serviceRuntime = {
  NODE_OPTIONS: '--max-semi-space-size=8 --v8-pool-size=1',
  MALLOC_MMAP_THRESHOLD_: '1048576',
  MALLOC_ARENA_MAX: '2',
}
