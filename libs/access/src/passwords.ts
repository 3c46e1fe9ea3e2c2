import { argon2, randomBytes, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { accessErrors } from './access.errors.ts'
import { createGate, type TaskOwner } from './gate.ts'
import { formatPasswordHash, type PasswordHash, parsePasswordHash } from './password-hash.ts'

const derive = promisify(argon2)

/** OWASP Password Storage Cheat Sheet, 2025: 19 MiB, two passes, one lane. About 20 ms of one core. */
const parameters = { memory: 19_456, passes: 2, parallelism: 1 }
const saltBytes = 16
const tagBytes = 32

/**
 * A hash occupies one of libuv's four threads and 19 MiB. Two run at once, which leaves two threads for files and DNS. A
 * thousand waiting are some twenty seconds of work, the longest that a request may take. Addresses take turns, so that one
 * that sends many waits for itself; what a client has left behind is not worked off.
 */
const gate = createGate({
  running: 2,
  waiting: 1000,
  refuse: () => accessErrors.password_checks_busy(undefined, { retryAfterSeconds: 5 }),
})

/** Programs without clients, as the seed is. */
const nobodyElse: TaskOwner = { client: '', signal: undefined }

/** What an unknown account is compared with. Nobody knows its password, not even we. */
const nobody: PasswordHash = { ...parameters, salt: randomBytes(saltBytes), tag: randomBytes(tagBytes) }

/**
 * Hashes a password for storage, in the PHC string format. `owner` is the client that waits for it.
 * @throws AppError `password_checks_busy` (503) when too many are waiting; `client_left` when the client has
 */
export async function hashPassword(password: string, owner: TaskOwner = nobodyElse): Promise<string> {
  const salt = randomBytes(saltBytes)
  const tag = await tagOf(password, { ...parameters, salt, tag: Buffer.alloc(tagBytes) }, owner)
  return formatPasswordHash({ ...parameters, salt, tag })
}

/**
 * Whether the password belongs to a stored hash. Null, for an account that does not exist, is false and takes as long,
 * so that the time does not reveal which addresses have accounts. `owner` is the client that waits for it.
 * @throws AppError `password_checks_busy` (503) when too many are waiting; Error when the hash is not one of ours;
 * `client_left` when the client has
 */
export async function verifyPassword(
  password: string,
  stored: string | null,
  owner: TaskOwner = nobodyElse,
): Promise<boolean> {
  const hash = stored === null ? nobody : parsePasswordHash(stored)
  const tag = await tagOf(password, hash, owner)
  return timingSafeEqual(tag, hash.tag) && stored !== null
}

/** NFKC, so that the same characters typed on different keyboards are the same password (NIST SP 800-63B, 3.1.1.2). */
function tagOf(
  password: string,
  { memory, passes, parallelism, salt, tag }: PasswordHash,
  owner: TaskOwner,
): Promise<Buffer> {
  const options = { message: password.normalize('NFKC'), nonce: salt, parallelism, memory, passes }
  return gate.run(() => derive('argon2id', { ...options, tagLength: tag.length }), owner)
}
