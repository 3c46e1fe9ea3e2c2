{{/* The strategy of a Deployment or a Rollout. In: root, component. */}}
{{- define "comanda.strategy" -}}
{{- $s := .component.strategy }}
{{- if eq $s.type "RollingUpdate" }}
type: RollingUpdate
rollingUpdate:
  maxSurge: {{ $s.maxSurge }}
  maxUnavailable: {{ $s.maxUnavailable }}
{{- else if eq $s.type "Canary" }}
canary:
  maxSurge: {{ $s.maxSurge }}
  maxUnavailable: {{ $s.maxUnavailable }}
  {{- if .component.weighted }}
  stableService: {{ include "comanda.name" . }}
  canaryService: {{ include "comanda.name" . }}-canary
  trafficRouting:
    plugins:
      argoproj-labs/gatewayAPI:
        httpRoute: {{ include "comanda.name" . }}
        namespace: {{ .root.Release.Namespace }}
  {{- end }}
  {{- if $s.analysis.enabled }}
  # From the first step to the last, beside them.
  analysis:
    {{- include "comanda.analysisRef" . | nindent 4 }}
    startingStep: 1
  {{- end }}
  steps:
    {{- range $s.canary.steps }}
    - setWeight: {{ . }}
    - pause:
        duration: {{ $s.canary.pauseSeconds }}s
    {{- end }}
{{- else }}
blueGreen:
  activeService: {{ include "comanda.name" . }}
  previewService: {{ include "comanda.name" . }}-preview
  autoPromotionEnabled: {{ $s.blueGreen.autoPromote }}
  scaleDownDelaySeconds: {{ $s.blueGreen.scaleDownDelaySeconds }}
  {{- if $s.analysis.enabled }}
  # Nobody calls the preview, so it is watched once it has the traffic, while the old pods still run.
  postPromotionAnalysis:
    {{- include "comanda.analysisRef" . | nindent 4 }}
  {{- end }}
{{- end }}
{{- end }}

{{- define "comanda.analysisRef" -}}
templates:
  - templateName: {{ include "comanda.name" . }}
args:
  - name: pods
    valueFrom:
      podTemplateHashValue: Latest
{{- end }}

{{/* Share of 5xx among what the new pods answered. Without any request it is empty, or NaN once there were some. */}}
{{- define "comanda.errorRate" -}}
{{- $pods := printf "namespace=%q, container=%q, rollouts_pod_template_hash=\"{{args.pods}}\", route!~\"/health.*\"" .root.Release.Namespace .component.name -}}
(sum(rate(http_requests_total{ {{- $pods }}, status_code=~"5.."}[2m])) or vector(0))
/ sum(rate(http_requests_total{ {{- $pods -}} }[2m]))
{{- end }}
