"""What serves, protects and scales what: the relations that rules ask for."""

from k8sgen_core.rules.relations import fewest, target
from tests.rules.objects import cluster_of, documents

OBJECTS = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  replicas: 7
  selector: {matchLabels: {app: web}}
  template: {metadata: {labels: {app: web, tier: front}}, spec: {containers: []}}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {selector: {app: web}}
---
apiVersion: v1
kind: Service
metadata: {name: unsaid}
spec: {selector: {tier: front}}
---
apiVersion: v1
kind: Service
metadata: {name: other, namespace: other}
spec: {selector: {app: web}}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: web, namespace: shop}
spec: {selector: {matchExpressions: [{key: tier, operator: In, values: [front]}]}}
---
apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata: {name: web, namespace: shop}
spec: {scaleTargetRef: {name: web}, minReplicaCount: 2}
"""


def test_relations_follow_selectors_namespaces_and_names():
    cluster = cluster_of(documents(OBJECTS))
    web, *_, scaler = cluster.manifests
    relations = cluster.relations

    assert [each.name for each in relations.services_of(web)] == ["web", "unsaid"]
    assert [each.name for each in relations.budgets_of(web)] == ["web"]
    assert relations.scalers_of(web) == [scaler]
    assert (target(scaler), fewest(scaler)) == (("Deployment", "web"), 2)
    assert relations.replicas_of(web) == 2
    assert relations.replicas_of(scaler) == 1
