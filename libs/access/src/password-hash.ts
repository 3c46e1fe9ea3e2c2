/** An Argon2id hash with its parameters. `memory` is in KiB. */
export interface PasswordHash {
  memory: number
  passes: number
  parallelism: number
  salt: Buffer
  tag: Buffer
}

const form = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/

/** Writes the PHC string format: https://github.com/P-H-C/phc-string-format/blob/master/phc-sf-spec.md */
export function formatPasswordHash({ memory, passes, parallelism, salt, tag }: PasswordHash): string {
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${unpadded(salt)}$${unpadded(tag)}`
}

/** Reads the PHC string format. Throws when it is anything but Argon2id of version 19. */
export function parsePasswordHash(text: string): PasswordHash {
  const match = form.exec(text)
  if (!match) throw new Error('a stored password is not an Argon2id hash')
  const [, memory, passes, parallelism, salt, tag] = match as unknown as [string, ...string[]]
  return {
    memory: Number(memory),
    passes: Number(passes),
    parallelism: Number(parallelism),
    salt: Buffer.from(salt as string, 'base64'),
    tag: Buffer.from(tag as string, 'base64'),
  }
}

function unpadded(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll('=', '')
}
