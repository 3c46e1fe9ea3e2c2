import type { Exporter } from './metrics-page.ts'

/** What rules may name besides the metrics of the services. `make test-alerts` compares the first four with the exporters themselves. */
export const exporters: readonly Exporter[] = [
  {
    exporter: 'node_exporter',
    metrics: [
      'node_cpu_seconds_total',
      'node_filesystem_avail_bytes',
      'node_filesystem_size_bytes',
      'node_memory_MemAvailable_bytes',
      'node_memory_MemTotal_bytes',
    ],
  },
  {
    exporter: 'postgres_exporter',
    metrics: ['pg_up', 'pg_settings_max_connections', 'pg_stat_activity_count'],
  },
  {
    exporter: 'redis_exporter',
    metrics: ['redis_up', 'redis_memory_used_bytes', 'redis_memory_max_bytes'],
  },
  { exporter: 'blackbox_exporter', metrics: ['probe_success'] },
  { exporter: 'Prometheus itself', metrics: ['up'] },
  {
    exporter: 'CloudNativePG',
    metrics: ['cnpg_collector_up', 'cnpg_backends_total', 'cnpg_pg_settings_setting'],
  },
  {
    exporter: 'kubelet',
    metrics: [
      'kubelet_node_name',
      'kubelet_volume_stats_available_bytes',
      'kubelet_volume_stats_capacity_bytes',
    ],
  },
  {
    exporter: 'kube-state-metrics and Argo Rollouts',
    metrics: ['kube_job_failed', 'kube_pod_status_phase', 'rollout_info'],
  },
]
