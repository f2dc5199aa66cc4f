// The objects that apps.py describes, written as a user of Jsonnet would.
local app(number) = {
  local name = 'web-%04d' % number,
  local config = name + '-config',
  local secret = name + '-secret',
  local own(of) = {
    'app.kubernetes.io/name': of,
    'app.kubernetes.io/managed-by': 'k8s-gen',
  },
  local labels = own(name) { 'app.kubernetes.io/part-of': 'bench' },
  local metadata = { name: name, namespace: 'prod', labels: labels },
  local attached(of) = { name: of, namespace: 'prod', labels: own(of) },
  local selector = { 'app.kubernetes.io/name': name },
  local http = { name: 'http' },
  local probe(path, period) = { httpGet: { path: path, port: 'http' }, periodSeconds: period },

  local container = {
    name: name,
    image: 'registry.example.com/%s:1.%d.0' % [name, number],
    ports: [{ name: 'http', containerPort: 8080 }],
    envFrom: [{ configMapRef: { name: config } }, { secretRef: { name: secret } }],
    resources: {
      requests: { cpu: '100m', memory: '128Mi' },
      limits: { cpu: '500m', memory: '512Mi' },
    },
    readinessProbe: probe('/ready', 5),
    livenessProbe: probe('/health', 10),
    securityContext: {
      allowPrivilegeEscalation: false,
      seccompProfile: { type: 'RuntimeDefault' },
      readOnlyRootFilesystem: true,
    },
  },
  local checksums = {
    ['checksum/configmap-' + config]: '0123456789abcdef',
    ['checksum/secret-' + secret]: '***',
  },

  objects: [
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: metadata,
      spec: {
        selector: { matchLabels: selector },
        template: {
          metadata: { labels: labels, annotations: checksums },
          spec: {
            automountServiceAccountToken: false,
            securityContext: { runAsNonRoot: true },
            containers: [container],
          },
        },
      },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: metadata,
      spec: { selector: selector, ports: [{ name: 'http', port: 80, targetPort: 'http' }] },
    },
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'Ingress',
      metadata: metadata,
      spec: {
        ingressClassName: 'nginx',
        rules: [{
          host: name + '.example.com',
          http: {
            paths: [{
              path: '/',
              pathType: 'Prefix',
              backend: { service: { name: name, port: { name: 'http' } } },
            }],
          },
        }],
      },
    },
    {
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata: metadata,
      spec: {
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: name },
        minReplicas: 2,
        maxReplicas: 10,
        metrics: [{
          type: 'Resource',
          resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 70 } },
        }],
      },
    },
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: attached(config),
      data: { LOG_LEVEL: 'info', FEATURE_X: 'true', URL: 'http://%s.prod.svc:80' % name },
    },
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: attached(secret),
      type: 'Opaque',
      data: { API_KEY: '***' },
    },
  ],
};

function(apps) std.manifestYamlStream(
  std.flattenArrays([app(number).objects for number in std.range(0, apps - 1)]),
  quote_keys=false,
  c_document_end=false,
)
