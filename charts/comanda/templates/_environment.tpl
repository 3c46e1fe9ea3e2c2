{{/* In: host, database (values). User and password come from PGUSER and PGPASSWORD, so that no URL holds a secret. */}}
{{- define "comanda.postgresUrl" -}}
{{- $d := .database -}}
postgres://{{ .host }}:{{ $d.port }}/{{ $d.name }}?sslmode={{ $d.sslMode }}
{{- if $d.caSecret.name }}&sslrootcert=/etc/comanda/database-ca/ca.crt{{ end }}
{{- end }}

{{- define "comanda.replicaUrls" -}}
{{- $database := .Values.database }}
{{- $urls := list }}
{{- range $purpose, $hosts := $database.replicas }}
{{- range $hosts }}
{{- $urls = append $urls (printf "%s=%s" $purpose (include "comanda.postgresUrl" (dict "host" . "database" $database))) }}
{{- end }}
{{- end }}
{{- join "," $urls }}
{{- end }}

{{/* Everything a component reads that is no secret, as YAML: what follows from other values, config, env. */}}
{{- define "comanda.environment" -}}
{{- $values := .root.Values }}
{{- $c := .component }}
{{- $deadline := sub (int $c.terminationGracePeriodSeconds) (add (int $c.preStopSeconds) 5) }}
{{- $env := dict "NODE_ENV" $values.environment "PORT" $c.port "SHUTDOWN_DEADLINE_SECONDS" $deadline }}
{{- if $c.metrics.enabled }}{{ $_ := set $env "METRICS_PORT" $c.metrics.port }}{{ end }}
{{- if $c.database }}
{{- $_ := set $env "DATABASE_URL" (include "comanda.postgresUrl" (dict "host" $values.database.host "database" $values.database)) }}
{{- $_ := set $env "DATABASE_REPLICA_URLS" (include "comanda.replicaUrls" .root) }}
{{- end }}
{{- if $values.trustedProxies }}{{ $_ := set $env "TRUST_PROXY" (join "," $values.trustedProxies) }}{{ end }}
{{- if $c.redis }}
{{- $_ := set $env "REDIS_NODES" (join "," $values.redis.nodes) }}
{{- if $values.redis.tls.enabled }}{{ $_ := set $env "REDIS_TLS" "on" }}{{ end }}
{{- if and $values.redis.tls.enabled $values.redis.tls.caSecret.name }}{{ $_ := set $env "REDIS_CA_FILE" "/etc/comanda/redis-ca/ca.crt" }}{{ end }}
{{- if $values.redis.credentials.username }}{{ $_ := set $env "REDIS_USERNAME" $values.redis.credentials.username }}{{ end }}
{{- end }}
{{- range $name, $value := merge (deepCopy $c.env) $values.config }}
{{- if regexMatch "(SECRET|PASSWORD|TOKEN)$" $name }}
{{- fail (printf "%s is a secret: it does not belong in config or env; name it in components.%s.secretEnv" $name $c.name) }}
{{- end }}
{{- $_ := set $env $name (tpl $value $.root) }}
{{- end }}
{{- range $name, $value := $env }}
{{ $name }}: {{ $value | toString | quote }}
{{- end }}
{{- end }}

{{/* In: root, variable, source ({ secret, key }). */}}
{{- define "comanda.fromSecret" -}}
- name: {{ .variable }}
  valueFrom:
    secretKeyRef:
      name: {{ .secret }}
      key: {{ .key }}
{{- end }}

{{- define "comanda.databaseCredentials" -}}
{{- $credentials := .root.Values.database.credentials }}
{{- $own := not $credentials.existingSecret }}
{{- $secret := ternary .ownSecret $credentials.existingSecret $own }}
{{ include "comanda.fromSecret" (dict "variable" "PGUSER" "secret" $secret "key" (ternary "DATABASE_USERNAME" $credentials.usernameKey $own)) }}
{{ include "comanda.fromSecret" (dict "variable" "PGPASSWORD" "secret" $secret "key" (ternary "DATABASE_PASSWORD" $credentials.passwordKey $own)) }}
{{- end }}

{{/* What a component reads that is secret, as a list of env entries. */}}
{{- define "comanda.secretEnvironment" -}}
{{- $values := .root.Values }}
{{- $own := include "comanda.fullname" .root }}
{{- if .component.database }}
{{- include "comanda.databaseCredentials" (dict "root" .root "ownSecret" $own) }}
{{- end }}
{{- with $values.redis.credentials }}
{{- if and $.component.redis .existingSecret }}
{{ include "comanda.fromSecret" (dict "variable" "REDIS_PASSWORD" "secret" .existingSecret "key" .passwordKey) }}
{{- else if and $.component.redis .password }}
{{ include "comanda.fromSecret" (dict "variable" "REDIS_PASSWORD" "secret" $own "key" "REDIS_PASSWORD") }}
{{- end }}
{{- end }}
{{- range .component.secretEnv }}
{{ include "comanda.fromSecret" (dict "variable" . "secret" ($values.secrets.existingSecret | default $own) "key" .) }}
{{- end }}
{{- end }}

{{/*
A digest of the secrets that the pods read, so that a changed one replaces them at the next upgrade. Secrets that the chart
does not make are read from the cluster, which `helm template` cannot: it takes them as they were.
*/}}
{{- define "comanda.secretsDigest" -}}
{{- $read := list .Values.secrets.values .Values.database.credentials .Values.redis.credentials .Values.secrets.externalSecret }}
{{- $named := list .Values.secrets.existingSecret .Values.database.credentials.existingSecret .Values.redis.credentials.existingSecret .Values.database.caSecret.name }}
{{- if .Values.secrets.externalSecret.enabled }}{{ $named = append $named (include "comanda.fullname" .) }}{{ end }}
{{- range $named }}
{{- if . }}{{ $read = append $read (get (lookup "v1" "Secret" $.Release.Namespace .) "data") }}{{ end }}
{{- end }}
{{- toJson $read | sha256sum }}
{{- end }}
