/** Settings by their names in postgresql.conf. */
export type PostgresSettings = Record<string, string | number | boolean>

/**
 * Settings for a laptop that also runs the services, small but otherwise like production's: commits wait for the disk, and
 * statements are measured. A standby can be promoted in a tenth of a second instead of five.
 */
export const commonSettings: PostgresSettings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: 300,
  shared_buffers: '256MB',
  work_mem: '8MB',
  maintenance_work_mem: '64MB',
  effective_cache_size: '1GB',
  random_page_cost: 1.1,
  jit: false,
  wal_level: 'replica',
  max_wal_size: '2GB',
  // Keeps segments for reuse: making one holds up every commit for some 50 ms.
  min_wal_size: '1GB',
  max_wal_senders: 12,
  max_replication_slots: 12,
  // A standby that stays away must not fill the disk; it is copied anew when it has missed more than this.
  max_slot_wal_keep_size: '2GB',
  hot_standby: true,
  // A report keeps its standby from replaying for this long before it is cancelled. Feedback would spare it at the cost of the primary,
  // whose tables bloat while vacuum waits for it.
  max_standby_streaming_delay: '30s',
  hot_standby_feedback: false,
  wal_retrieve_retry_interval: '100ms',
  shared_preload_libraries: 'pg_stat_statements',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_line_prefix: '%m [%p] %q%a@%d ',
  log_checkpoints: false,
  log_lock_waits: true,
  lc_messages: 'C',
}

/** Settings for data that is thrown away: a power failure may destroy the directory, a killed server still loses nothing. */
export const throwawaySettings: PostgresSettings = {
  fsync: false,
  full_page_writes: false,
  shared_buffers: '128MB',
  // In the data directory instead of /dev/shm, where a killed server would leave it behind.
  dynamic_shared_memory_type: 'mmap',
  max_wal_size: '512MB',
  min_wal_size: '80MB',
  max_slot_wal_keep_size: '512MB',
}

/** The text of a postgresql.conf. */
export function renderSettings(settings: PostgresSettings): string {
  const lines = Object.entries(settings).map(([name, value]) => `${name} = ${renderValue(value)}`)
  return `# Written by libs/local-stack at every start; edits are lost.\n${lines.join('\n')}\n`
}

function renderValue(value: string | number | boolean): string {
  if (typeof value === 'boolean') return value ? 'on' : 'off'
  if (typeof value === 'number') return String(value)
  return `'${value.replaceAll("'", "''")}'`
}
