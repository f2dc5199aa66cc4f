"""Who may do what, who may reach whom, and objects of kinds that an operator brings."""

from k8s_gen import (
    App,
    ClusterRole,
    ClusterRoleBinding,
    CustomResource,
    DaemonSet,
    Ingress,
    Namespace,
    NetworkPolicy,
    Role,
    RoleBinding,
    Service,
    ServiceAccount,
)

NAME = "platform"

namespace = Namespace(NAME).labels({"pod-security.kubernetes.io/warn": "restricted"})

account = ServiceAccount("operator").namespace(NAME).automount_token(False)
own = (
    Role("operator")
    .namespace(NAME)
    .allow(["get", "list", "watch"], ["configmaps", "pods"])
    .allow("update", "deployments", groups="apps", names=["console"])
)
RoleBinding("operator").namespace(NAME).role(own).to_service_account(account)

nodes = ClusterRole("node-reader").allow(["get", "list", "watch"], "nodes")
ClusterRoleBinding("operator-reads-nodes").role(nodes).to_service_account(account).to_group("sre")

operator = (
    App("operator")
    .namespace(NAME)
    .image("ghcr.io/acme/operator@sha256:" + "3f" * 32)
    .service_account(account)
    .hardened()
)

console = (
    App("console")
    .namespace(NAME)
    .image("ghcr.io/acme/console:8.0")
    .port(8080, name="web", service_port=80)
    .expose("console.example.com", via="gateway", gateway="shared")
)

agent = (
    DaemonSet("agent")
    .namespace(NAME)
    .image("ghcr.io/acme/agent:2.2")
    .volumes({"/host/log": {"hostPath": {"path": "/var/log"}}})
    .toleration()
    .security_context(privileged=True)
)

NetworkPolicy("deny-all").namespace(NAME).deny_ingress().deny_egress()
(
    NetworkPolicy("console")
    .namespace(NAME)
    .selector(console)
    .allow_from({"namespaceSelector": {"matchLabels": {"name": "gateways"}}}, ports=["web"])
    .allow_to(operator)
    .allow_dns()
)

metrics = (
    Service("console-metrics").namespace(NAME).selector(console).add_port(9090, name="metrics")
)
(
    Ingress("internal")
    .namespace(NAME)
    .ingress_class("internal")
    .host("metrics.example.com")
    .path("/console", metrics, port="metrics")
    .path("/static", console, port="web", path_type="Exact")
    .tls("internal-certificate")
)

certificate = (
    CustomResource("cert-manager.io/v1", "Certificate", "console")
    .namespace(NAME)
    .spec(
        {
            "secretName": "console-tls",
            "dnsNames": ["console.example.com"],
            "issuerRef": {"name": "letsencrypt", "kind": "ClusterIssuer"},
        }
    )
)
