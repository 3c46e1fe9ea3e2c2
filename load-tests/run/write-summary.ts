import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { summaryFiles } from '../summary/files.ts'
import type { Summary, Verdict } from '../summary/summary.ts'

/** Writes the newest summary of the scenario and its history. @returns the path of the page */
export async function writeSummary(
  directory: string,
  summary: Summary,
  verdicts: readonly Verdict[],
): Promise<string> {
  for (const [path, content] of Object.entries(summaryFiles(summary, verdicts))) {
    const file = join(directory, path)
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, content)
  }
  return join(directory, `${summary.scenario}.html`)
}
