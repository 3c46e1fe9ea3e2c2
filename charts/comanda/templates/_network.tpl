{{/* One rule. In: direction (from, to), peers (empty: anywhere), ports, udp (as well). */}}
{{- define "comanda.peers" -}}
{{- $udp := .udp -}}
- ports:
    {{- range .ports }}
    - port: {{ . }}
      protocol: TCP
    {{- if $udp }}
    - port: {{ . }}
      protocol: UDP
    {{- end }}
    {{- end }}
  {{- with .peers }}
  {{ $.direction }}:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end }}

{{- define "comanda.toComponent" -}}
- ports:
    - port: {{ .component.port }}
      protocol: TCP
  to:
    - podSelector:
        matchLabels:
          {{- include "comanda.selector" . | nindent 10 }}
{{- end }}

{{/* In: root, component, components. Probes come from the node, which no policy stops. */}}
{{- define "comanda.ingressRules" -}}
{{- $values := .root.Values.networkPolicy }}
{{- $c := .component }}
{{- if $c.routes }}
{{ include "comanda.peers" (dict "direction" "from" "peers" $values.gateway "ports" (list $c.port)) }}
{{- end }}
{{- if $c.metrics.enabled }}
{{ include "comanda.peers" (dict "direction" "from" "peers" $values.prometheus "ports" (list $c.metrics.port)) }}
{{- end }}
- ports:
    - port: {{ $c.port }}
      protocol: TCP
  from:
    {{- $callers := list "smoke-test" }}
    {{- range .components }}{{ if has $c.name .calls }}{{ $callers = append $callers .name }}{{ end }}{{ end }}
    {{- range $callers }}
    - podSelector:
        matchLabels:
          {{- include "comanda.selector" (dict "root" $.root "component" (dict "name" .)) | nindent 10 }}
    {{- end }}
{{- end }}

{{- define "comanda.egressRules" -}}
{{- $values := .root.Values.networkPolicy }}
{{- $c := .component }}
{{ include "comanda.peers" (dict "direction" "to" "peers" $values.dns "ports" (list 53) "udp" true) }}
{{- if and $c.database (not (has "postgres" $c.faults.without)) }}
{{ include "comanda.peers" (dict "direction" "to" "peers" $values.postgres "ports" (list .root.Values.database.port)) }}
{{- end }}
{{- if and $c.redis (not (has "redis" $c.faults.without)) }}
{{- $ports := list }}
{{- range .root.Values.redis.nodes }}{{ $ports = append $ports (splitList ":" . | last) }}{{ end }}
{{ include "comanda.peers" (dict "direction" "to" "peers" $values.redis "ports" (uniq $ports)) }}
{{- end }}
{{- range $c.calls }}
{{ include "comanda.toComponent" (dict "root" $.root "component" (get $.components .)) }}
{{- end }}
{{- with $c.egress }}
{{ toYaml . }}
{{- end }}
{{- end }}
