import { asHtml } from './html.ts'
import type { Summary, Verdict } from './summary.ts'

/** What is written of a run, by path below the directory of the summaries: the newest of each scenario, and a history by date. */
export function summaryFiles(summary: Summary, verdicts: readonly Verdict[]): Record<string, string> {
  const json = `${JSON.stringify({ ...summary, verdicts }, null, 2)}\n`
  const html = asHtml(summary, verdicts)
  // Colons may not be in names of files everywhere.
  const dated = `history/${summary.at.split(':').join('-')}-${summary.scenario}-${summary.runner}`
  return {
    [`${summary.scenario}.json`]: json,
    [`${summary.scenario}.html`]: html,
    [`${dated}.json`]: json,
    [`${dated}.html`]: html,
  }
}
