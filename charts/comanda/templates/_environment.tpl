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

{{/* The login of the database's owner, of migrations and the seed. In: root, ownSecret (the Secret that has it when the values do). */}}
{{- define "comanda.databaseCredentials" -}}
{{- include "comanda.databaseLogin" (dict "credentials" .root.Values.database.credentials "ownSecret" .ownSecret "prefix" "DATABASE") }}
{{- end }}

{{/* A login, as a list of env entries. In: credentials, ownSecret, prefix of its keys in there. */}}
{{- define "comanda.databaseLogin" -}}
{{- $own := not .credentials.existingSecret }}
{{- $secret := ternary .ownSecret .credentials.existingSecret $own }}
{{ include "comanda.fromSecret" (dict "variable" "PGUSER" "secret" $secret "key" (ternary (printf "%s_USERNAME" .prefix) .credentials.usernameKey $own)) }}
{{ include "comanda.fromSecret" (dict "variable" "PGPASSWORD" "secret" $secret "key" (ternary (printf "%s_PASSWORD" .prefix) .credentials.passwordKey $own)) }}
{{- end }}

{{/* Whether a component logs in as a role of its own, and not as the owner; empty when not. In: component. */}}
{{- define "comanda.hasOwnLogin" -}}
{{- with .component.databaseCredentials }}{{ if or .existingSecret .password }}true{{ end }}{{ end }}
{{- end }}

{{/* Where a component's own login is in the Secret that the chart makes. In: component. */}}
{{- define "comanda.loginPrefix" -}}
{{- printf "DATABASE_%s" (.component.name | upper | replace "-" "_") }}
{{- end }}

{{/* What a component reads that is secret, as a list of env entries. */}}
{{- define "comanda.secretEnvironment" -}}
{{- $values := .root.Values }}
{{- $own := include "comanda.fullname" .root }}
{{- if and .component.database (include "comanda.hasOwnLogin" .) }}
{{- include "comanda.databaseLogin" (dict "credentials" .component.databaseCredentials "ownSecret" $own "prefix" (include "comanda.loginPrefix" .)) }}
{{- else if .component.database }}
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
does not make are read from the cluster, which `helm template` cannot: it takes them as they were. In: root, component.
*/}}
{{- define "comanda.secretsDigest" -}}
{{- $values := .root.Values }}
{{- $login := ternary .component.databaseCredentials $values.database.credentials (eq (include "comanda.hasOwnLogin" .) "true") }}
{{- $read := list $values.secrets.values $login $values.redis.credentials $values.secrets.externalSecret }}
{{- $named := list $values.secrets.existingSecret $login.existingSecret $values.redis.credentials.existingSecret $values.database.caSecret.name }}
{{- if $values.secrets.externalSecret.enabled }}{{ $named = append $named (include "comanda.fullname" .root) }}{{ end }}
{{- range $named }}
{{- if . }}{{ $read = append $read (get (lookup "v1" "Secret" $.root.Release.Namespace .) "data") }}{{ end }}
{{- end }}
{{- toJson $read | sha256sum }}
{{- end }}
