import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { ScrapeConfig } from '../../../scripts/observe/prometheus-config.ts'

// What kube-state-metrics, the kubelet and the controller of Argo Rollouts show of a canary that is at a quarter, with their names and labels:
// https://github.com/kubernetes/kube-state-metrics/tree/main/docs/metrics, https://argo-rollouts.readthedocs.io/en/stable/features/controller-metrics
const scaler = 'namespace="comanda",horizontalpodautoscaler="comanda-orders"'
const deployment = 'namespace="comanda",deployment="comanda-worker"'
const rollout = 'namespace="comanda",name="comanda-orders"'
const volume = 'namespace="comanda",instance="10.0.0.1:10250",persistentvolumeclaim="comanda-db-1"'
const pod = 'namespace="comanda",pod="comanda-orders-6d5f8c9b7-abcde"'
const text = `kube_horizontalpodautoscaler_spec_min_replicas{${scaler}} 5
kube_horizontalpodautoscaler_spec_max_replicas{${scaler}} 20
kube_horizontalpodautoscaler_status_current_replicas{${scaler}} 5
kube_horizontalpodautoscaler_status_desired_replicas{${scaler}} 6
kube_deployment_spec_replicas{${deployment}} 2
kube_deployment_status_replicas_ready{${deployment}} 2
kube_pod_status_phase{${pod},phase="Running"} 1
kube_pod_status_phase{${pod},phase="Pending"} 0
kube_pod_container_status_restarts_total{${pod},container="orders"} 0
kube_job_failed{namespace="comanda",job_name="comanda-migrate-1",condition="true"} 0
kube_job_failed{namespace="comanda",job_name="comanda-migrate-1",condition="false"} 0
kubelet_volume_stats_available_bytes{${volume}} 42949672960
kubelet_volume_stats_capacity_bytes{${volume}} 53687091200
rollout_info{${rollout},strategy="canary",traffic_router="",phase="Progressing"} 1
rollout_info_replicas_desired{${rollout}} 5
rollout_info_replicas_updated{${rollout}} 2
`

/**
 * Serves what only a cluster has, in place of it.
 * @returns the job with which Prometheus asks for it
 */
export async function serveClusterMetrics(): Promise<{ job: ScrapeConfig; close: () => void }> {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/plain; version=0.0.4')
    response.end(text)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    job: {
      job_name: 'kubernetes',
      honor_labels: true,
      static_configs: [{ targets: [`127.0.0.1:${port}`] }],
    },
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}
