{{/* Prefix of every name: the release's, with the chart's when it is not in it. */}}
{{- define "comanda.fullname" -}}
{{- ternary .Release.Name (printf "%s-comanda" .Release.Name) (contains "comanda" .Release.Name) | trunc 40 | trimSuffix "-" -}}
{{- end }}

{{/* Name of a component's objects. In: root, component. */}}
{{- define "comanda.name" -}}
{{ include "comanda.fullname" .root }}-{{ .component.name }}
{{- end }}

{{/* What never changes about the pods of a component, or of a job with that name. In: root, component. */}}
{{- define "comanda.selector" -}}
app.kubernetes.io/name: comanda
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component.name }}
{{- end }}

{{/* Labels of an object of a component. In: root, component. */}}
{{- define "comanda.labels" -}}
{{ include "comanda.selector" . }}
{{ include "comanda.commonLabels" .root }}
{{- end }}

{{/* Labels of an object of the fleet. In: root. */}}
{{- define "comanda.fleetLabels" -}}
app.kubernetes.io/name: comanda
app.kubernetes.io/instance: {{ .Release.Name }}
{{ include "comanda.commonLabels" . }}
{{- end }}

{{- define "comanda.commonLabels" -}}
app.kubernetes.io/part-of: comanda
app.kubernetes.io/managed-by: {{ .Release.Service }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end }}

{{/* In: root, image, name (when the image has none). By digest where there is one. */}}
{{- define "comanda.image" -}}
{{- $all := .root.Values.image }}
{{- $name := printf "%s/%s" (.image.registry | default $all.registry) (.image.name | default .name) }}
{{- if .image.digest }}{{ $name }}@{{ .image.digest }}
{{- else if $all.requireDigest }}
{{- fail (printf "%s.image.digest must be set: image.requireDigest is true, and a tag can be moved to other contents" .path) }}
{{- else }}{{ $name }}:{{ .image.tag | default $all.tag | default .root.Chart.AppVersion }}
{{- end }}
{{- end }}
