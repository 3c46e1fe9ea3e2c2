import type { VersionedFile } from './schema-files.ts'

/**
 * Finds the files that a database lacks, in order.
 * @param applied names of the files that it has, in order
 * @throws Error when it has one that is no file, or lacks one that comes before another that it has
 */
export function findMissing(files: VersionedFile[], applied: string[]): VersionedFile[] {
  const unknown = applied.find((name) => !files.some((file) => file.name === name))
  if (unknown !== undefined)
    throw new Error(
      `The database has the migration ${unknown}, which this program lacks: it was migrated from another branch.`,
    )
  const missing = files.filter(({ name }) => !applied.includes(name))
  const last = applied.at(-1) ?? ''
  const late = missing.find(({ name }) => name < last)
  if (late !== undefined)
    throw new Error(`${late.path}: the database has ${last} already, so this needs a higher number`)
  return missing
}

/** Files that share a transaction, and the index that is built after its commit. */
interface Step {
  together: VersionedFile[]
  index: VersionedFile
}

/** Groups files, in their order, by the transactions in which they run; `last` are those after the last index. */
export function planSteps(files: VersionedFile[]): { steps: Step[]; last: VersionedFile[] } {
  const steps: Step[] = []
  let last: VersionedFile[] = []
  for (const file of files) {
    if (!file.concurrently) {
      last.push(file)
      continue
    }
    steps.push({ together: last, index: file })
    last = []
  }
  return { steps, last }
}
