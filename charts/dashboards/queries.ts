/** Matchers of what belongs to the chosen installation. */
export const chosenNamespace = 'namespace="$namespace"'

/** Matchers of the processes of the chosen services. */
export const chosenServices = `${chosenNamespace}, container=~"$service"`

/** Matchers of requests that people sent: probes ask for the health of a service whether anybody uses it or not. */
export const fromPeople = `${chosenServices}, route!~"/health.*"`

/** Growth of a counter per second, over a window that Grafana makes as long as the distance of two points needs. */
export const rate = (counter: string) => `rate(${counter}[$__rate_interval])`

/** How often what a counter counts happens in a second, by the given labels; without labels in all. */
export const perSecond = (counter: string, ...by: string[]) => `sum ${grouped(by)}(${rate(counter)})`

/** @param histogram its name without `_bucket` @param matchers without braces */
export const quantile = (share: number, histogram: string, matchers: string, ...by: string[]) =>
  `histogram_quantile(${share}, sum by (${['le', ...by].join(', ')}) (${rate(`${histogram}_bucket{${matchers}}`)}))`

/** The ten largest series at each point. */
export const largestTen = (query: string) => `topk(10, ${query})`

const grouped = (by: readonly string[]) => (by.length === 0 ? '' : `by (${by.join(', ')}) `)
