/** Built from the Go module proxy, which checks them against the checksum database. */
export const tools = {
  helm: 'helm.sh/helm/v4/cmd/helm@v4.3.1',
  kubeconform: 'github.com/yannh/kubeconform/cmd/kubeconform@v0.8.0',
  kustomize: 'sigs.k8s.io/kustomize/kustomize/v5@v5.8.1',
}

/** Check and test the rules of Prometheus and the routes of Alertmanager. */
export const monitoringTools = {
  promtool: 'github.com/prometheus/prometheus/cmd/promtool@v0.316.0',
  amtool: 'github.com/prometheus/alertmanager/cmd/amtool@v0.35.0',
}

/** Tags without which a command is more than is needed here: promtool has the clients of twenty clouds, which compile for half an hour. */
export const buildTags: Record<string, string> = { [monitoringTools.promtool]: 'remove_all_sd' }

/** Reads dashboards strictly. The catalog of pnpm-workspace.yaml has the package of the same SDK that writes them. */
export const dashboardModule = 'github.com/grafana/grafana-foundation-sdk/go@v0.0.22'

/** Compares two OpenAPI documents, for `make check`. */
export const oasdiff = 'github.com/oasdiff/oasdiff@v1.37.0'

/** The newest patch of every minor version that the chart supports, as Chart.yaml says. */
export const kubernetesVersions = ['1.34.4', '1.35.4', '1.36.3', '1.37.2']

/** The versions that `make test-cluster` runs. kwok is compiled with the libraries of that Kubernetes. */
export const clusterModules = {
  kubernetes: 'k8s.io/kubernetes@v1.37.2',
  kwok: 'sigs.k8s.io/kwok@v0.8.0',
  rollouts: 'github.com/argoproj/argo-rollouts@v1.10.1',
}

/** Modules with the CRDs that the chart and k8s/ make resources of, and where in them. */
export const crdModules = {
  'sigs.k8s.io/gateway-api@v1.6.3': [
    'config/crd/standard/gateway.networking.k8s.io_gateways.yaml',
    'config/crd/standard/gateway.networking.k8s.io_httproutes.yaml',
  ],
  'github.com/argoproj/argo-rollouts@v1.10.1': [
    'manifests/crds/rollout-crd.yaml',
    'manifests/crds/analysis-template-crd.yaml',
    // Not the chart's: the controller itself wants them, in make test-cluster.
    'manifests/crds/analysis-run-crd.yaml',
    'manifests/crds/cluster-analysis-template-crd.yaml',
    'manifests/crds/experiment-crd.yaml',
  ],
  'github.com/prometheus-operator/prometheus-operator@v0.85.0': [
    'example/prometheus-operator-crd/monitoring.coreos.com_podmonitors.yaml',
    'example/prometheus-operator-crd/monitoring.coreos.com_probes.yaml',
    'example/prometheus-operator-crd/monitoring.coreos.com_prometheusrules.yaml',
    'example/prometheus-operator-crd/monitoring.coreos.com_servicemonitors.yaml',
  ],
  'github.com/kedacore/keda/v2@v2.21.0': ['config/crd/bases/keda.sh_scaledobjects.yaml'],
  'github.com/external-secrets/external-secrets@v1.3.2': [
    'config/crds/bases/external-secrets.io_externalsecrets.yaml',
  ],
  'github.com/cloudnative-pg/plugin-barman-cloud@v0.15.0': [
    'config/crd/bases/barmancloud.cnpg.io_objectstores.yaml',
  ],
}
