{{- define "eider.labels" -}}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{ include "eider.selector" . }}
{{- end }}

{{- define "eider.selector" -}}
app.kubernetes.io/name: eider-operator
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "eider.operator" -}}
{{- if contains "eider" .Release.Name }}{{ .Release.Name | trunc 40 }}{{ else }}{{ printf "%s-eider" .Release.Name | trunc 40 }}{{ end }}-operator
{{- end }}

{{- define "eider.image" -}}
{{ .image.repository }}:{{ .image.tag | default .version }}
{{- end }}

{{- /* What the operator may do where sites are; each verb is used. */ -}}
{{- define "eider.rules" -}}
- apiGroups: [eider.dev]
  resources: [analyticssites, retentionpolicies, analyticsbackups, erasurerequests]
  verbs: [get, list, watch]
- apiGroups: [eider.dev]
  resources: [analyticssites/status, retentionpolicies/status, analyticsbackups/status, erasurerequests/status]
  verbs: [get, patch]
# Owner references that block deletion need this where the cluster enforces it.
- apiGroups: [eider.dev]
  resources: [analyticssites/finalizers]
  verbs: [update]
- apiGroups: [apps]
  resources: [statefulsets]
  verbs: [get, list, watch, create, patch]
- apiGroups: [batch]
  resources: [cronjobs]
  verbs: [get, list, watch, create, patch]
# Runs that are asked for now; restores that are asked for otherwise.
- apiGroups: [batch]
  resources: [jobs]
  verbs: [get, list, watch, create, patch, delete]
# One object a scheduled run, and not more of them than the history limit says.
- apiGroups: [eider.dev]
  resources: [analyticsbackups]
  verbs: [create, delete]
- apiGroups: [""]
  resources: [services, configmaps]
  verbs: [get, list, watch, create, patch]
# Claims and Secrets are completed and never replaced; only whom an ErasureRequest meant is deleted.
- apiGroups: [""]
  resources: [persistentvolumeclaims, secrets]
  verbs: [get, list, watch, create, update]
- apiGroups: [""]
  resources: [secrets]
  verbs: [delete]
- apiGroups: [""]
  resources: [pods]
  verbs: [get, list, watch]
- apiGroups: [""]
  resources: [events]
  verbs: [get, create, update]
{{- end }}
