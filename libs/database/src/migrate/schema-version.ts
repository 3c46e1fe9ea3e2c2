/**
 * The version of the schema that this program was written for: at least the number of the newest file in `migrations`. Raise it with each new
 * file, and when a program begins to call a function that older schemas lack, so that it refuses to run before `migrate` did.
 */
export const schemaVersion = 1
