/** A metric as a scrape describes it. */
export interface ExposedMetric {
  name: string
  type: string
  help: string
}

/** The metrics of a scrape in the text format of Prometheus, by name. */
export function readExposition(text: string): Map<string, ExposedMetric> {
  const metrics = new Map<string, ExposedMetric>()
  for (const line of text.split('\n')) {
    const [, keyword, name = '', rest = ''] = /^# (HELP|TYPE) (\S+) ?(.*)$/.exec(line) ?? []
    if (keyword === undefined) continue
    const metric = metrics.get(name) ?? { name, type: '', help: '' }
    metrics.set(name, metric)
    if (keyword === 'TYPE') metric.type = rest
    else metric.help = rest.replaceAll('\\n', ' ').replaceAll('\\\\', '\\')
  }
  return metrics
}

/** How many series a scrape has. */
export const countSeries = (text: string): number =>
  text.split('\n').filter((line) => line !== '' && !line.startsWith('#')).length
