{{/* What the schema cannot say. Every message names the value and what to do. */}}
{{- define "comanda.validate" -}}
{{- $production := eq .Values.environment "production" }}
{{- $secrets := .Values.secrets }}
{{- $sources := list }}
{{- if $secrets.existingSecret }}{{ $sources = append $sources "secrets.existingSecret" }}{{ end }}
{{- if $secrets.externalSecret.enabled }}{{ $sources = append $sources "secrets.externalSecret" }}{{ end }}
{{- if $secrets.values }}{{ $sources = append $sources "secrets.values" }}{{ end }}
{{- if gt (len $sources) 1 }}
{{- fail (printf "%s are set at once: the secrets come from one of them" (join " and " $sources)) }}
{{- end }}
{{- if and $production (or $secrets.values (not $sources)) }}
{{- fail "secrets.existingSecret must name a Secret (or secrets.externalSecret be enabled): production has no default secrets and takes none from values" }}
{{- end }}
{{- if not .Values.database.host }}{{ fail "database.host must be set: the service where Postgres takes writes, such as comanda-db-rw" }}{{ end }}
{{- if not .Values.redis.nodes }}{{ fail "redis.nodes must name at least one host:port of the Redis Cluster" }}{{ end }}
{{- range $name, $credentials := dict "database" .Values.database.credentials "redis" .Values.redis.credentials }}
{{- if and $production (or $credentials.password (not $credentials.existingSecret)) }}
{{- fail (printf "%s.credentials.existingSecret must name a Secret: production has no default passwords and takes none from values" $name) }}
{{- end }}
{{- end }}
{{- if not (or .Values.database.credentials.existingSecret .Values.database.credentials.password) }}
{{- fail "database.credentials.existingSecret must name a Secret, or database.credentials.username and .password be set outside production" }}
{{- end }}
{{- if and $production .Values.smokeTest.enabled .Values.smokeTest.credentials.password }}
{{- fail "smokeTest.credentials.existingSecret must be used in production instead of a password in values" }}
{{- end }}
{{- with .Values.smokeTest }}
{{- if and .enabled (not .credentials.existingSecret) (not .credentials.password) }}
{{- fail "smokeTest.credentials.existingSecret must name a Secret with email and password of a customer, or smokeTest.enabled be false" }}
{{- end }}
{{- end }}
{{- if and $production .Values.seed.enabled }}{{ fail "seed.enabled is for development: it fills the database with a made-up campus" }}{{ end }}
{{- if and $production (not .Values.securityContext.readOnlyRootFilesystem) }}
{{- fail "securityContext.readOnlyRootFilesystem must be true when environment is production" }}
{{- end }}
{{- if and $production .Values.faults }}{{ fail "faults break things on purpose: they are refused when environment is production" }}{{ end }}
{{- if and .Values.gateway.enabled (not .Values.gateway.hostnames) $production }}
{{- fail "gateway.hostnames must name the hosts of the API in production, or gateway.enabled be false" }}
{{- end }}
{{- if and $production (or .Values.gateway.enabled .Values.ingress.enabled) (not .Values.trustedProxies) }}
{{- fail "trustedProxies must name the addresses or ranges of the gateway's pods in production: without them all clients share one rate limit" }}
{{- end }}
{{- if and .Values.ingress.enabled (not .Values.ingress.hosts) }}{{ fail "ingress.hosts must name the hosts of the API" }}{{ end }}
{{- range $name := keys .Values.faults | sortAlpha }}
{{- if not (hasKey $.Values.components $name) }}{{ fail (printf "faults.%s: there is no component of that name" $name) }}{{ end }}
{{- end }}
{{- $components := include "comanda.components" . | fromYaml }}
{{- range $name, $component := $components }}
{{- include "comanda.validateComponent" (dict "root" $ "component" $component "components" $components) }}
{{- end }}
{{- end }}

{{- define "comanda.validateComponent" -}}
{{- $path := printf "components.%s" .component.name }}
{{- $c := .component }}
{{- if lt (int $c.terminationGracePeriodSeconds) (add (int $c.preStopSeconds) 10) }}
{{- fail (printf "%s.terminationGracePeriodSeconds must be 10 more than preStopSeconds at least, to leave time to drain" $path) }}
{{- end }}
{{- if gt (int $c.autoscaling.min) (int $c.autoscaling.max) }}{{ fail (printf "%s.autoscaling.min is above autoscaling.max" $path) }}{{ end }}
{{- if and (eq $c.autoscaling.by "KEDA") (not $c.autoscaling.keda.query) }}{{ fail (printf "%s.autoscaling.keda.query must say what to scale by" $path) }}{{ end }}
{{- if and (not (int $c.strategy.maxSurge)) (not (int $c.strategy.maxUnavailable)) }}
{{- fail (printf "%s.strategy: maxSurge and maxUnavailable are both 0, so no pod could ever be replaced" $path) }}
{{- end }}
{{- if and (eq .root.Values.environment "production") $c.database }}
{{- if $c.databaseCredentials.password }}
{{- fail (printf "%s.databaseCredentials.existingSecret must name a Secret: production takes no passwords from values" $path) }}
{{- end }}
{{- $allowed := eq (get $c.env "DATABASE_OWNER_LOGIN" | default (get .root.Values.config "DATABASE_OWNER_LOGIN")) "allow" }}
{{- if not (or $c.databaseCredentials.existingSecret $allowed) }}
{{- fail (printf "%s.databaseCredentials.existingSecret must name a Secret with the login of its role, comanda_%s: production does not log in as the owner of the database, unless config.DATABASE_OWNER_LOGIN is allow" $path $c.name) }}
{{- end }}
{{- end }}
{{- range $c.calls }}
{{- if not (hasKey $.components .) }}{{ fail (printf "%s.calls: there is no enabled component %s" $path .) }}{{ end }}
{{- end }}
{{- $need := dict }}
{{- if $c.progressive }}{{ $_ := set $need "argoproj.io/v1alpha1/Rollout" (printf "%s.strategy.type %s needs Argo Rollouts" $path $c.strategy.type) }}{{ end }}
{{- if eq $c.autoscaling.by "KEDA" }}{{ $_ := set $need "keda.sh/v1alpha1/ScaledObject" (printf "%s.autoscaling.by KEDA needs KEDA" $path) }}{{ end }}
{{- if .root.Values.gateway.enabled }}{{ $_ := set $need "gateway.networking.k8s.io/v1/HTTPRoute" "gateway.enabled needs the Gateway API" }}{{ end }}
{{- if .root.Values.secrets.externalSecret.enabled }}{{ $_ := set $need "external-secrets.io/v1/ExternalSecret" "secrets.externalSecret.enabled needs External Secrets" }}{{ end }}
{{- range $kind, $why := $need }}
{{- if not ($.root.Capabilities.APIVersions.Has $kind) }}{{ fail (printf "%s: the cluster has no %s" $why $kind) }}{{ end }}
{{- end }}
{{- end }}
