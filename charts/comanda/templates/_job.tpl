{{/*
The pod of a job: the tools' image with other arguments and no service account of its own. In: root, name, args, env
(list entries as text), database (whether it is reached), mounts and volumes (more of them, as text).
*/}}
{{- define "comanda.jobPod" -}}
{{- $tools := .root.Values.tools }}
{{- $scope := dict "root" .root "component" (dict "name" .name) }}
metadata:
  labels:
    {{- include "comanda.selector" $scope | nindent 4 }}
spec:
  restartPolicy: Never
  {{- include "comanda.podSecurity" .root | nindent 2 }}
  {{- with .root.Values.image.pullSecrets }}
  imagePullSecrets:
    {{- range . }}
    - name: {{ . }}
    {{- end }}
  {{- end }}
  containers:
    - name: {{ .name }}
      image: {{ include "comanda.image" (dict "root" .root "image" $tools.image "name" "tools" "path" "tools") }}
      imagePullPolicy: {{ .root.Values.image.pullPolicy }}
      args:
        {{- toYaml .args | nindent 8 }}
      {{- include "comanda.containerSecurity" .root | nindent 6 }}
      env:
        {{- .env | trim | nindent 8 }}
      resources:
        {{- toYaml $tools.resources | nindent 8 }}
      volumeMounts:
        {{- include "comanda.volumeMounts" . | nindent 8 }}
        {{- with .mounts }}{{ . | trim | nindent 8 }}{{ end }}
  volumes:
    {{- include "comanda.volumes" . | nindent 4 }}
    {{- with .volumes }}{{ . | trim | nindent 4 }}{{ end }}
{{- end }}
