import * as units from '@grafana/grafana-foundation-sdk/units'
import { dashboard } from './dashboard.ts'
import { lines } from './panels.ts'
import { chosenNamespace, chosenServices, fromPeople, rate } from './queries.ts'

// A canary differs from what is stable by its version, and by the hash of its pods where only its configuration differs.
const release = ['container', 'version', 'rollouts_pod_template_hash']
const legend = '{{container}} {{version}} {{rollouts_pod_template_hash}}'

/** A value of processes, with the version that each runs. */
const withVersion = (series: string) =>
  `${series} * on (namespace, instance) group_left (version) service_build_info{${chosenServices}}`
const byRelease = (aggregation: string, series: string) =>
  `${aggregation} by (${release.join(', ')}) (${withVersion(series)})`
const requests = byRelease('sum', rate(`http_requests_total{${fromPeople}}`))
const failed = byRelease('sum', rate(`http_requests_total{${fromPeople}, status_code=~"5.."}`))

const deployments = (metric: string) => `max by (deployment) (kube_deployment_${metric}{${chosenNamespace}})`
const rollouts = (metric: string) => `max by (name) (rollout_info_replicas_${metric}{${chosenNamespace}})`

export const deployment = dashboard({
  name: 'deployment',
  title: 'deployment',
  description:
    'What runs, and the new release beside the one that it replaces: a canary, blue beside green, or a rolling update.',
  rows: [
    {
      title: 'What runs',
      panels: [
        lines({
          title: 'Processes by release',
          description:
            'Processes of each service and version. DeploymentStuck fires when two have run for four hours.',
          unit: units.Short,
          queries: { [legend]: `count by (${release.join(', ')}) (service_build_info{${chosenServices}})` },
          stacked: true,
        }),
        lines({
          title: 'Age of the youngest process',
          description: 'A line that falls to zero again and again is a process that is restarted.',
          unit: units.Seconds,
          queries: {
            '{{container}}': `min by (container) (time() - process_start_time_seconds{${chosenServices}})`,
          },
        }),
      ],
    },
    {
      title: 'Canary beside stable',
      panels: [
        lines({
          title: 'Requests by release',
          description: 'Requests a second that each release answers: the weight that a canary has.',
          unit: units.RequestsPerSecond,
          queries: { [legend]: requests },
          stacked: true,
        }),
        lines({
          title: 'Failed requests by release',
          description:
            'Share of requests that each release answers with 5xx. A canary above 1% is taken back by itself.',
          unit: units.PercentUnit,
          queries: { [legend]: `(${failed} or 0 * ${requests}) / ${requests}` },
          limits: { red: 0.01 },
        }),
        lines({
          title: 'Response time by release, p95',
          description: '95% of requests are answered within it.',
          unit: units.Seconds,
          queries: {
            [legend]: `histogram_quantile(0.95, sum by (le, ${release.join(', ')}) (${withVersion(rate(`http_request_duration_seconds_bucket{${fromPeople}}`))}))`,
          },
          limits: { yellow: 0.1, red: 0.2 },
        }),
        lines({
          title: 'Processor time by release',
          description: 'Share of one processor that an average process of each release uses.',
          unit: units.PercentUnit,
          queries: { [legend]: byRelease('avg', `service:cpu:rate5m{${chosenServices}}`) },
        }),
        lines({
          title: 'Memory by release',
          description: 'Resident bytes of an average process of each release.',
          unit: units.BytesIEC,
          queries: { [legend]: byRelease('avg', `process_resident_memory_bytes{${chosenServices}}`) },
        }),
        lines({
          title: 'Event-loop lag by release, p99',
          description: 'How late timers of the latest process of each release are called.',
          unit: units.Seconds,
          queries: { [legend]: byRelease('max', `nodejs_eventloop_lag_p99_seconds{${chosenServices}}`) },
        }),
      ],
    },
    {
      title: 'Kubernetes',
      panels: [
        lines({
          title: 'Deployments',
          description: 'Pods of each Deployment that are ready, and that are wanted.',
          unit: units.Short,
          queries: {
            '{{deployment}} ready': deployments('status_replicas_ready'),
            '{{deployment}} wanted': deployments('spec_replicas'),
          },
        }),
        lines({
          title: 'Rollouts',
          description: 'Pods of each Rollout in all, and those that run the new release.',
          unit: units.Short,
          queries: {
            '{{name}} wanted': rollouts('desired'),
            '{{name}} new': rollouts('updated'),
          },
        }),
        lines({
          title: 'Phase of rollouts',
          description:
            '1 for the phase that each Rollout is in. DeploymentCheckFailed fires for Degraded and Error.',
          unit: units.Short,
          queries: { '{{name}} {{phase}}': `max by (name, phase) (rollout_info{${chosenNamespace}})` },
        }),
        lines({
          title: 'Failed jobs',
          description:
            'Jobs that have failed, such as a migration. DeploymentCheckFailed fires for one of an upgrade.',
          unit: units.Short,
          queries: {
            '{{job_name}}': `max by (job_name) (kube_job_failed{${chosenNamespace}, condition="true"})`,
          },
        }),
      ],
    },
  ],
})
