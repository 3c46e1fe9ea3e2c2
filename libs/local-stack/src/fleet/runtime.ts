/**
 * The environment variables that set memory and threads of a service's process, the same here as where it is deployed.
 *
 * The young generation has 8 MB: by itself V8 lets it grow to a hundred, and a collection of it then takes tens of milliseconds. V8 has
 * one thread for its own work: with four, the collector had both cores for 40 ms, and the main thread waited (ADR 15). Blocks of a
 * megabyte and more are given back to the system when they are freed: glibc otherwise keeps the 19 MB of a password hash for every
 * thread that made one. Two arenas for all threads take 7 MB less than one for each, and were as fast.
 */
export const serviceRuntime = {
  NODE_OPTIONS: '--max-semi-space-size=8 --v8-pool-size=1',
  MALLOC_MMAP_THRESHOLD_: '1048576',
  MALLOC_ARENA_MAX: '2',
}
