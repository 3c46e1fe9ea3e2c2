declare module 'pino-roll' {
  import type { EventEmitter } from 'node:events'

  export interface RollOptions {
    file: string
    frequency: 'daily' | 'hourly' | number
    size: string
    dateFormat: string
    extension: string
    mkdir: boolean
    sync?: boolean
  }
  export interface RollingStream extends EventEmitter {
    write(line: string): boolean
    flushSync(): void
    end(): void
  }
  export default function roll(options: RollOptions): Promise<RollingStream>
}
