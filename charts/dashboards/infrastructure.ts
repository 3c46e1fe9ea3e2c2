import * as units from '@grafana/grafana-foundation-sdk/units'
import { dashboard } from './dashboard.ts'
import { lines } from './panels.ts'
import { chosenNamespace, chosenServices, largestTen, perSecond, quantile, rate } from './queries.ts'

const scaler = (metric: string) =>
  `max by (horizontalpodautoscaler) (kube_horizontalpodautoscaler_${metric}{${chosenNamespace}})`
const disks = 'fstype!~"tmpfs|ramfs|overlay|squashfs|iso9660"'
const fourDays = 4 * 24 * 60 * 60

export const infrastructure = dashboard({
  name: 'infrastructure',
  title: 'infrastructure',
  description: 'Processes, pods, machines, disks and Redis.',
  rows: [
    {
      title: 'Processes',
      panels: [
        lines({
          title: 'Processor time',
          description: 'Share of one processor that each process uses. ServiceCpuHigh fires at 80%.',
          unit: units.PercentUnit,
          queries: { '{{container}} {{instance}}': `service:cpu:rate5m{${chosenServices}}` },
          limits: { yellow: 0.7, red: 0.8 },
        }),
        lines({
          title: 'Memory',
          description:
            'Share of what each process may take. ServiceMemoryHigh fires at 90%, and at 100% it is killed.',
          unit: units.PercentUnit,
          queries: { '{{container}} {{instance}}': `service:memory:ratio{${chosenServices}}` },
          limits: { yellow: 0.8, red: 0.9 },
        }),
        lines({
          title: 'Resident memory and heap',
          description: 'Bytes of each service in all: what is resident, and what of it JavaScript uses.',
          unit: units.BytesIEC,
          queries: {
            '{{container}} resident': `sum by (container) (process_resident_memory_bytes{${chosenServices}})`,
            '{{container}} heap': `sum by (container) (nodejs_heap_size_used_bytes{${chosenServices}})`,
          },
        }),
        lines({
          title: 'Event-loop lag, p99',
          description:
            'How late timers are called. A process that computes for long answers nobody meanwhile.',
          unit: units.Seconds,
          queries: { '{{container}} {{instance}}': `nodejs_eventloop_lag_p99_seconds{${chosenServices}}` },
          limits: { yellow: 0.1, red: 0.5 },
        }),
        lines({
          title: 'Garbage collection',
          description: 'Share of time that each service collects garbage in.',
          unit: units.PercentUnit,
          queries: {
            '{{container}}': `avg by (container) (sum by (container, instance) (${rate(`nodejs_gc_duration_seconds_sum{${chosenServices}}`)}))`,
          },
        }),
        lines({
          title: 'Open files and sockets',
          description: 'Descriptors that each process holds.',
          unit: units.Short,
          queries: { '{{container}} {{instance}}': `process_open_fds{${chosenServices}}` },
        }),
      ],
    },
    {
      title: 'Scaling',
      panels: [
        lines({
          title: 'Processes that answer',
          description: 'Processes of each service that Prometheus reaches.',
          unit: units.Short,
          queries: { '{{container}}': `sum by (container) (up{${chosenServices}})` },
        }),
        lines({
          title: 'Autoscaling',
          description:
            'Pods that each autoscaler wants, and has, between the fewest and the most that it may have.',
          unit: units.Short,
          queries: {
            '{{horizontalpodautoscaler}} wanted': scaler('status_desired_replicas'),
            '{{horizontalpodautoscaler}} present': scaler('status_current_replicas'),
            '{{horizontalpodautoscaler}} fewest': scaler('spec_min_replicas'),
            '{{horizontalpodautoscaler}} most': scaler('spec_max_replicas'),
          },
        }),
        lines({
          title: 'Pods by phase',
          description: 'Pods of the installation. Pending for long is a cluster without room.',
          unit: units.Short,
          queries: { '{{phase}}': `sum by (phase) (kube_pod_status_phase{${chosenNamespace}})` },
          stacked: true,
        }),
        lines({
          title: 'Restarts',
          description:
            'Restarts of containers within an hour. A container that runs out of memory is restarted.',
          unit: units.Short,
          queries: {
            '{{container}}': `sum by (container) (increase(kube_pod_container_status_restarts_total{${chosenNamespace}}[1h]))`,
          },
        }),
      ],
    },
    {
      title: 'Machines',
      panels: [
        lines({
          title: 'Processors',
          description: 'Share of the processors of each machine that is in use. NodeCpuHigh fires at 80%.',
          unit: units.PercentUnit,
          queries: { '{{instance}}': 'node:cpu:ratio_rate5m' },
          limits: { yellow: 0.7, red: 0.8 },
          max: 1,
        }),
        lines({
          title: 'Memory of machines',
          description: 'Share of the memory of each machine that is in use. NodeMemoryHigh fires at 90%.',
          unit: units.PercentUnit,
          queries: { '{{instance}}': 'node:memory:ratio' },
          limits: { yellow: 0.8, red: 0.9 },
          max: 1,
        }),
        lines({
          title: 'Load',
          description: 'Processes that run or wait for a processor, over a minute.',
          unit: units.Short,
          queries: { '{{instance}}': 'node_load1' },
        }),
        lines({
          title: 'Network',
          description: 'Bytes a second that each machine receives and sends, without those that stay on it.',
          unit: units.BytesPerSecondIEC,
          queries: {
            '{{instance}} received': perSecond('node_network_receive_bytes_total{device!="lo"}', 'instance'),
            '{{instance}} sent': perSecond('node_network_transmit_bytes_total{device!="lo"}', 'instance'),
          },
        }),
      ],
    },
    {
      title: 'Disks',
      panels: [
        lines({
          title: 'Disks in use',
          description:
            'Share of each disk, and of each volume of a pod, that is in use. DiskFull fires at 90%.',
          unit: units.PercentUnit,
          queries: {
            '{{instance}} {{mountpoint}}{{persistentvolumeclaim}}':
              'max by (instance, mountpoint, persistentvolumeclaim) (node:disk:ratio)',
          },
          limits: { yellow: 0.8, red: 0.9 },
          max: 1,
        }),
        lines({
          title: 'Room on disks in four days',
          description:
            'Bytes that will be free in four days if the last six hours go on; below zero the disk is full by then.',
          unit: units.BytesIEC,
          queries: {
            '{{instance}} {{mountpoint}}': `min by (instance, mountpoint) (predict_linear(node_filesystem_avail_bytes{${disks}}[6h], ${fourDays}))`,
            '{{instance}} {{persistentvolumeclaim}}': `min by (instance, persistentvolumeclaim) (predict_linear(kubelet_volume_stats_available_bytes[6h], ${fourDays}))`,
          },
          mayBeNegative: true,
        }),
      ],
    },
    {
      title: 'Redis',
      panels: [
        lines({
          title: 'Nodes that answer',
          description: '1 while a node answers its exporter. RedisDown fires for one that does not.',
          unit: units.Short,
          queries: { '{{instance}}': `redis_up{${chosenNamespace}}` },
          max: 1,
        }),
        lines({
          title: 'Memory of Redis',
          description:
            'Bytes that each node uses, and may use, 0 where nothing limits it. RedisMemoryHigh fires at 90%.',
          unit: units.BytesIEC,
          queries: {
            '{{instance}} used': `redis_memory_used_bytes{${chosenNamespace}}`,
            '{{instance}} at most': `redis_memory_max_bytes{${chosenNamespace}}`,
          },
        }),
        lines({
          title: 'Commands',
          description: 'Commands a second that each node runs.',
          unit: units.OpsPerSecond,
          queries: {
            '{{instance}}': perSecond(`redis_commands_processed_total{${chosenNamespace}}`, 'instance'),
          },
        }),
        lines({
          title: 'Time of commands, p95',
          description: 'The ten slowest commands as the services see them, with the way there and back.',
          unit: units.Seconds,
          queries: {
            '{{command}}': largestTen(
              quantile(0.95, 'redis_command_duration_seconds', chosenServices, 'command'),
            ),
          },
        }),
        lines({
          title: 'Keys thrown away',
          description: 'Keys a second that each node throws away because its memory is full.',
          unit: units.CountsPerSecond,
          queries: { '{{instance}}': perSecond(`redis_evicted_keys_total{${chosenNamespace}}`, 'instance') },
        }),
        lines({
          title: 'Clients',
          description: 'Connections that each node holds.',
          unit: units.Short,
          queries: { '{{instance}}': `redis_connected_clients{${chosenNamespace}}` },
        }),
      ],
    },
  ],
})
