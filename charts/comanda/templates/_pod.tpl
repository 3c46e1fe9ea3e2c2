{{/* The one pod template, of Deployments and Rollouts alike. In: root, component. */}}
{{- define "comanda.pod" -}}
{{- $values := .root.Values }}
{{- $c := .component }}
metadata:
  labels:
    {{- include "comanda.selector" . | nindent 4 }}
    {{- with $c.podLabels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  annotations:
    comanda.dev/config-digest: {{ include "comanda.environment" . | sha256sum }}
    comanda.dev/secrets-digest: {{ include "comanda.secretsDigest" . }}
    {{- with $c.podAnnotations }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
spec:
  serviceAccountName: {{ include "comanda.name" . }}
  {{- include "comanda.podSecurity" .root | nindent 2 }}
  {{- with $values.image.pullSecrets }}
  imagePullSecrets:
    {{- range . }}
    - name: {{ . }}
    {{- end }}
  {{- end }}
  {{- with $c.priorityClassName }}
  priorityClassName: {{ . }}
  {{- end }}
  terminationGracePeriodSeconds: {{ $c.terminationGracePeriodSeconds }}
  {{- include "comanda.placement" . | trim | nindent 2 }}
  containers:
    - name: {{ $c.name }}
      image: {{ include "comanda.image" (dict "root" .root "image" $c.image "name" $c.name "path" (printf "components.%s" $c.name)) }}
      imagePullPolicy: {{ $values.image.pullPolicy }}
      {{- if $c.faults.crash }}
      args: ['--eval', 'console.error("faults.{{ $c.name }}.crash"); process.exit(1)']
      {{- else if $c.args }}
      args:
        {{- toYaml $c.args | nindent 8 }}
      {{- end }}
      {{- include "comanda.containerSecurity" .root | nindent 6 }}
      envFrom:
        - configMapRef:
            name: {{ include "comanda.name" . }}
      {{- with include "comanda.secretEnvironment" . | trim }}
      env:
        {{- . | nindent 8 }}
      {{- end }}
      ports:
        - name: http
          containerPort: {{ $c.port }}
        {{- if $c.metrics.enabled }}
        - name: metrics
          containerPort: {{ $c.metrics.port }}
        {{- end }}
      {{- include "comanda.probes" . | trim | nindent 6 }}
      lifecycle:
        preStop:
          sleep:
            seconds: {{ $c.preStopSeconds }}
      resources:
        {{- include "comanda.resources" $c | nindent 8 }}
      volumeMounts:
        {{- include "comanda.volumeMounts" (dict "root" .root "database" $c.database "redis" $c.redis) | nindent 8 }}
  volumes:
    {{- include "comanda.volumes" (dict "root" .root "database" $c.database "redis" $c.redis) | nindent 4 }}
{{- end }}

{{- define "comanda.resources" -}}
{{- $resources := deepCopy .resources }}
{{- with .faults.cpuLimit }}
{{- $_ := set $resources "limits" (merge (dict "cpu" .) $resources.limits) }}
{{- $_ := set $resources "requests" (merge (dict "cpu" .) $resources.requests) }}
{{- end }}
{{- toYaml $resources }}
{{- end }}
