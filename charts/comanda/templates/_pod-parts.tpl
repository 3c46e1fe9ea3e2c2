{{/* Parts of every pod, those of jobs included: what Pod Security "restricted" asks for, and a token for nobody. */}}
{{- define "comanda.podSecurity" -}}
automountServiceAccountToken: false
enableServiceLinks: false
securityContext:
  runAsNonRoot: true
  runAsUser: {{ .Values.securityContext.user }}
  runAsGroup: {{ .Values.securityContext.group }}
  fsGroup: {{ .Values.securityContext.group }}
  seccompProfile:
    type: RuntimeDefault
{{- end }}

{{- define "comanda.containerSecurity" -}}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: {{ .Values.securityContext.readOnlyRootFilesystem }}
  capabilities:
    drop: [ALL]
{{- end }}

{{/* In: root, database, redis (whether they are reached). */}}
{{- define "comanda.volumeMounts" -}}
- name: tmp
  mountPath: /tmp
{{- if and .database .root.Values.database.caSecret.name }}
- name: database-ca
  mountPath: /etc/comanda/database-ca
  readOnly: true
{{- end }}
{{- if and .redis .root.Values.redis.tls.enabled .root.Values.redis.tls.caSecret.name }}
- name: redis-ca
  mountPath: /etc/comanda/redis-ca
  readOnly: true
{{- end }}
{{- end }}

{{- define "comanda.volumes" -}}
- name: tmp
  emptyDir:
    sizeLimit: 64Mi
{{- if and .database .root.Values.database.caSecret.name }}
- name: database-ca
  secret:
    secretName: {{ .root.Values.database.caSecret.name }}
    items:
      - key: {{ .root.Values.database.caSecret.key }}
        path: ca.crt
{{- end }}
{{- if and .redis .root.Values.redis.tls.enabled .root.Values.redis.tls.caSecret.name }}
- name: redis-ca
  secret:
    secretName: {{ .root.Values.redis.tls.caSecret.name }}
    items:
      - key: {{ .root.Values.redis.tls.caSecret.key }}
        path: ca.crt
{{- end }}
{{- end }}

{{/* Liveness asks nothing of Postgres or Redis: restarting a process repairs neither. */}}
{{- define "comanda.probes" -}}
{{- $c := .component }}
startupProbe:
  httpGet:
    path: {{ $c.probes.live }}
    port: http
  periodSeconds: 1
  timeoutSeconds: 2
  failureThreshold: {{ $c.probes.startSeconds }}
livenessProbe:
  httpGet:
    path: {{ $c.probes.live }}
    port: http
  periodSeconds: 10
  timeoutSeconds: 5
  failureThreshold: 3
readinessProbe:
  httpGet:
    path: {{ ternary "/fault-unready" $c.probes.ready (eq true $c.faults.unready) }}
    port: http
  periodSeconds: 5
  timeoutSeconds: 3
  failureThreshold: 2
{{- end }}

{{/* Apart from one another where possible; a small cluster runs them all the same. */}}
{{- define "comanda.placement" -}}
affinity:
  podAntiAffinity:
    preferredDuringSchedulingIgnoredDuringExecution:
      - weight: 100
        podAffinityTerm:
          topologyKey: kubernetes.io/hostname
          labelSelector:
            matchLabels:
              {{- include "comanda.selector" . | nindent 14 }}
topologySpreadConstraints:
  - maxSkew: 1
    topologyKey: topology.kubernetes.io/zone
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels:
        {{- include "comanda.selector" . | nindent 8 }}
    {{- if not .component.progressive }}
    matchLabelKeys: [pod-template-hash]
    {{- end }}
{{- with .component.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .component.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}
