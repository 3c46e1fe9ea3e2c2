{{/* Every enabled component by name, with the defaults where it says nothing, as YAML. */}}
{{- define "comanda.components" -}}
{{- $components := dict }}
{{- range $name, $own := .Values.components }}
{{- $component := mergeOverwrite (deepCopy $.Values.defaults) (deepCopy $own) }}
{{- if $component.enabled }}
{{- if not $component.metrics.port }}{{ $_ := set $component.metrics "port" (add $component.port 100) }}{{ end }}
{{- $_ := set $component "faults" (get $.Values.faults $name | default dict) }}
{{- $_ := set $component "progressive" (ne $component.strategy.type "RollingUpdate") }}
{{- $_ := set $component "weighted" (and (eq $component.strategy.type "Canary") $component.strategy.canary.httpRoute) }}
{{- $_ := set $components $name (set $component "name" $name) }}
{{- end }}
{{- end }}
{{- toYaml $components }}
{{- end }}

{{/* Apiversion and kind of what runs the pods. In: component. */}}
{{- define "comanda.workloadKind" -}}
apiVersion: {{ ternary "argoproj.io/v1alpha1" "apps/v1" .component.progressive }}
kind: {{ ternary "Rollout" "Deployment" .component.progressive }}
{{- end }}
