import { parse, stringify } from 'yaml'

/** What Prometheus asks for metrics, as in its file. */
export interface ScrapeConfig {
  job_name: string
  honor_labels?: boolean
  scrape_interval?: string
  static_configs: { targets: string[]; labels?: Record<string, string> }[]
  relabel_configs?: { replacement?: string; target_label?: string }[]
}
interface PrometheusConfig {
  global: { scrape_interval: string; evaluation_interval: string }
  rule_files: string[]
  alerting: { alertmanagers: { static_configs: { targets: string[] }[] }[] }
  scrape_configs: ScrapeConfig[]
}

export interface LocalPrometheus {
  /** Where on this machine each `host:port` of compose.yaml listens. */
  addresses: ReadonlyMap<string, string>
  /** Pattern of the files of rules. */
  rules: string
  /** How often targets are asked and rules are evaluated, when not as in the file. */
  everySeconds?: number
  /** What is asked besides what the file has; their addresses are those of this machine. */
  moreJobs?: readonly ScrapeConfig[]
}

/**
 * The file of compose for the Prometheus of one machine.
 * @throws when an address of the file has no place on this machine
 */
export function localPrometheusConfig(
  text: string,
  { addresses, rules, everySeconds, moreJobs = [] }: LocalPrometheus,
): string {
  const config = parse(text) as PrometheusConfig
  config.rule_files = [rules]
  for (const { static_configs } of config.alerting.alertmanagers) move(static_configs)
  for (const { static_configs, relabel_configs = [] } of config.scrape_configs) {
    move(static_configs)
    for (const relabel of relabel_configs)
      if (relabel.target_label === '__address__' && relabel.replacement)
        relabel.replacement = local(relabel.replacement)
  }
  config.scrape_configs.push(...moreJobs)
  if (everySeconds !== undefined) {
    config.global = { scrape_interval: `${everySeconds}s`, evaluation_interval: `${everySeconds}s` }
    for (const job of config.scrape_configs) delete job.scrape_interval
  }
  return stringify(config)

  function move(configs: { targets: string[] }[]): void {
    for (const one of configs) one.targets = one.targets.map(local)
  }

  /** With or without a scheme and a path. */
  function local(target: string): string {
    const [, scheme = '', host = '', path = ''] = /^(\w+:\/\/)?([^/]+)(.*)$/.exec(target) ?? []
    const address = addresses.get(host)
    if (address === undefined)
      throw new Error(`compose/prometheus.yaml names ${host}, which is nowhere on this machine`)
    return scheme + address + path
  }
}
