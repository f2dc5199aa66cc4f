"""
What programs are made of: for every builder its calls, in every form their arguments have.

``<kind>`` is a literal, drawn from ``VALUES[kind]``; ``<$Builder>`` is another builder.
"""

VALUES: dict[str, tuple[str, ...]] = {
    "annotation": ('"x y"', '"1.10"', '"a: b"', '"é🐘"', "7"),
    "api_group": ('"apps"', '"batch"', '""'),
    "bool": ("True", "False"),
    "capability": ('"NET_ADMIN"', '"SYS_ADMIN"', '"SYS_TIME"'),
    "charset": ('"hex"', '"alpha"', '"alnum"'),
    "cidr": ('"10.0.0.0/8"', '"192.168.0.0/16"'),
    "class": ('"nginx"', '"traefik"', '"kong"'),
    "class_name": ('"fast"', '"slow"', '"cheap"'),
    "config_key": ('"A"', '"B"', '"c.conf"', '"d"', '"E_F"'),
    "count": ("1", "2", "3", "4", "5"),
    "cpu": ('"250m"', "1", "0.5", '"2"'),
    "cron": ('"0 2 * * *"', '"*/5 * * * *"', '"@daily"'),
    "duration": ('"10s"', "20", '"1m"', '"2m30s"'),
    "effect": ('"NoSchedule"', '"PreferNoSchedule"', '"NoExecute"'),
    "file": ('"settings/a.conf"', '"settings/b.conf"', '"settings/c.conf"'),
    "env_file": ('"settings/a.env"', '"settings/b.env"', '"settings/c.env"'),
    "folder": ('"manifests"', '"manifests/more"', '"manifests/one.yaml"'),
    "gpu": ("0", "1", "2"),
    "host": ('"a.example.com"', '"b.example.com"', '"*.example.com"'),
    "image": ('"nginx:1.27"', '"ghcr.io/acme/web:1.4"', '"redis:7"', '"localhost:5000/x:2"'),
    "key": ('"A"', '"B"', '"C"', '"D"', '"E"'),
    "keyword": ("alpha", "beta", "gamma", "delta"),
    "kind": ('"Certificate"', '"Issuer"', '"Widget"'),
    "api_version": ('"acme.example/v1"', '"acme.example/v2"'),
    "label": ('"x"', '"y"', '"z"', '""'),
    "label_key": ('"team"', '"tier"', '"acme.example/owner"', '"cost"', '"alpha"'),
    "length": ("16", "24", "32"),
    "level": ("1", "2", "3"),
    "max": ("6", "7", "8", "9"),
    "memory": ('"64Mi"', '"1Gi"', '"128Mi"', "134217728"),
    "min": ("1", "2", "3", "4"),
    "mode": ("0o400", '"0440"', "0o600"),
    "access_mode": ('"ReadWriteOnce"', '"ReadOnlyMany"', '"ReadWriteMany"'),
    "mount": ('"/var-log"', '"/cache"', '"/var/log"', '"/etc/app"', '"/srv"'),
    "namespace": ('"prod"', '"test"', '"tools"'),
    "node_port": ("30080", "30081"),
    "object_name": ('"first"', '"second"', '"third"'),
    "other_name": ('"db"', '"cache"', '"queue"'),
    "path_type": ('"Prefix"', '"Exact"', '"ImplementationSpecific"'),
    "percent": ('"25%"', '"50%"', '"75%"'),
    "policy": ('"Allow"', '"Forbid"', '"Replace"'),
    "port": ("80", "443", "8080", "9090", "3000", "5432", "6379"),
    "port_name": ('"web"', '"admin"', '"metrics"', '"api"'),
    "prefix": ('"APP_"', '"X_"', '"DB_"'),
    "protocol": ('"TCP"', '"UDP"', '"SCTP"'),
    "spoken_port": ('"53/UDP"', '"53/TCP"', '"80/SCTP"', '"web/UDP"'),
    "resource": ('"pods"', '"configmaps"', '"pods/log"'),
    "role": ('"sidecar"', '"init"'),
    "scheme": ('"HTTP"', '"HTTPS"'),
    "seccomp": ('"Unconfined"', '"RuntimeDefault"'),
    "secret_type": ('"Opaque"', '"kubernetes.io/tls"', '"acme.example/key"'),
    "service_type": ('"ClusterIP"', '"NodePort"', '"LoadBalancer"'),
    "skew_rule": ('"ScheduleAnyway"', '"DoNotSchedule"'),
    "size": ('"1Gi"', '"5Gi"', '"10Gi"'),
    "text": ('"info"', '"yes"', '"a: b"', '""', "8", "True", '"it\'s é🐘"', '"a\\nb\\n"'),
    "topology": ('"kubernetes.io/hostname"', '"topology.kubernetes.io/zone"', '"rack"'),
    "url_path": ('"/"', '"/api"', '"/index.html"', '"/v2"'),
    "user_id": ("1000", "2000", "3000"),
    "verb": ('"get"', '"list"', '"watch"'),
    "volume": ('"emptyDir"', '"memory"', '"claim:data"', '"claim:more"'),
    "word": ('"sh"', '"-c"', '"run"', '"x y"', '"--all"'),
    "zone": ('"Europe/Zurich"', '"UTC"', '"Asia/Tokyo"'),
}

ANY = (
    "labels({<label_key>: <label>})",
    "labels({<label_key>: <label>, <label_key>: <label>})",
    "labels(<keyword>=<label>)",
    "labels(**{<label_key>: <label>})",
    "annotations({<label_key>: <annotation>})",
    "annotations({<label_key>: <annotation>}, <keyword>=<annotation>)",
    "namespace(<namespace>)",
    "namespace(name=<namespace>)",
    'override({"metadata": {"annotations": {<label_key>: <label>}}})',
    'override({"metadata": {"labels": {<label_key>: <label>}, "finalizers": [<host>]}})',
    'ignore("latest-tag", <host>)',
)

CONTAINER = (
    "image(<image>)",
    "image(reference=<image>)",
    "from_dockerfile(<object_name>, <object_name>)",
    "port(<port>)",
    "port(<port>, <port_name>)",
    "port(<port>, protocol=<protocol>)",
    "port(number=<port>, name=<port_name>, protocol=<protocol>, service_port=<port>)",
    "ports([<port>])",
    'ports([<port>, {"port": <port>, "name": <port_name>}])',
    'ports([{"port": <port>, "protocol": <protocol>, "service_port": <port>}, <port>])',
    "environment({<key>: <text>})",
    "environment({<key>: <text>, <key>: <text>, <key>: <text>})",
    "environment(variables={<key>: <text>})",
    "env(<key>, <text>)",
    "env(name=<key>, value=<text>)",
    "env(<key>, secret=<other_name>)",
    "env(<key>, secret=<$Secret>, key=<config_key>)",
    "env(<key>, config=<$ConfigMap>)",
    "env(<key>, config=<other_name>, key=<config_key>)",
    "resources(cpu=<cpu>, memory=<memory>)",
    "resources(<cpu>, <memory>, cpu_limit=<cpu>, memory_limit=<memory>, gpu=<gpu>)",
    "resources(memory_limit=<memory>)",
    "resources(gpu=<gpu>)",
    "resources(gpu=<count>).resources(cpu_limit=<cpu>, gpu=0)",
    "health_checks(readiness_probe=<url_path>)",
    "health_checks(<url_path>, <port>, [<word>, <word>])",
    'health_checks(liveness_probe={"path": <url_path>, "port": <port>, "scheme": <scheme>,'
    ' "period": <duration>, "failure_threshold": <count>})',
    'health_checks(startup_probe={"grpc": <port>, "initial_delay": <duration>})',
    'health_checks(readiness_probe={"path": <url_path>, "headers": {<port_name>: <host>}},'
    ' liveness_probe={"port": <port_name>, "timeout": <duration>})',
    'health_checks(liveness_probe={"command": [<word>], "success_threshold": <count>,'
    ' "termination_grace_period": <duration>})',
    "command([<word>, <word>])",
    "command(<resource>)",
    "args(<word>, <word>)",
    "args([<word>])",
    "args(*[<word>, <word>])",
    "environment({**{<key>: <text>}})",
    "security_context(run_as_user=<user_id>, fs_group=<user_id>)",
    'security_context({"runAsNonRoot": <bool>, "readOnlyRootFilesystem": <bool>})',
    "security_context(privileged=<bool>)",
    'security_context(seccomp_profile={"type": <seccomp>})',
    'security_context(capabilities={"add": [<capability>], "drop": [<port_name>]})',
    'security_context(capabilities={"add": [<capability>]}, allow_privilege_escalation=<bool>)',
    "hardened()",
    "volumes({<mount>: <volume>})",
    'volumes({<mount>: "emptyDir", <mount>: {"hostPath": {"path": <mount>}}})',
    "volumes({<mount>: <$PersistentVolumeClaim>})",
    "volumes({<mount>: <$ConfigMap>, <mount>: <$Secret>})",
    "lifecycle(pre_stop=[<word>, <word>])",
    "lifecycle(<url_path>, <count>, <duration>)",
    "lifecycle(post_start=[<word>])",
    "lifecycle(termination_grace_period=<duration>)",
    'lifecycle(pre_stop={"httpGet": {"path": <url_path>, "port": <port>}})',
    "add_config(<$ConfigMap>)",
    "add_config(<$ConfigMap>, <mount>)",
    "add_config(<other_name>)",
    "add_config(config=<other_name>, mount_path=<mount>)",
    "add_config(<$ConfigMap>, prefix=<prefix>)",
    "add_secret(<$Secret>)",
    "add_secret(<$Secret>, mount_path=<mount>)",
    "add_secret(<other_name>, prefix=<prefix>)",
)

PODS = (
    "service_account(<other_name>)",
    "service_account(<$ServiceAccount>)",
    "node_selector({<label_key>: <label>})",
    "node_selector({<label_key>: <label>, <label_key>: <label>})",
    "toleration(<label_key>)",
    "toleration()",
    "toleration(<label_key>, value=<label>, effect=<effect>)",
    'toleration(<label_key>, "Equal", <label>, <effect>)',
    'toleration(key=<label_key>, effect="NoExecute", seconds=<count>)',
    "spread()",
    "spread(<topology>, <count>, <skew_rule>)",
    "spread(when_unsatisfiable=<skew_rule>)",
    "add_companion(<$Companion>)",
    "add(<$ConfigMap>)",
    "add(<$Secret>, <$PersistentVolumeClaim>)",
    "add(<$ServiceAccount>)",
    "depends_on(<other_name>, <other_name>)",
    "connect_to([<other_name>])",
    'override({"spec": {"template": {"spec": {"hostNetwork": <bool>}}}})',
    'override({"spec": {"template": {"spec": {"dnsConfig": {"nameservers": [<cidr>]}}}}})',
)

SERVING = (
    "expose(<host>)",
    "expose(<host>, path=<url_path>, tls=<bool>)",
    "expose(<host>, tls=<other_name>, ingress_class=<class>)",
    "expose(domain=<host>, path=<url_path>, port=<port>)",
    "expose(<host>, port=<port_name>)",
    "add_companion(<$Proxy>).expose(<host>)",
    "expose(<host>, ingress_class=<class>).expose(<host>, ingress_class=<class>)",
    'expose(<host>, via="gateway", gateway=<other_name>, path=<url_path>)',
    'expose(<host>, via="gateway", gateway=<other_name>, port=<port_name>)',
    'expose(<host>, via="gateway", gateway=<other_name>, port=<port>)',
    'expose(via="loadbalancer")',
    'expose(<host>, via="loadbalancer")',
    'override({"spec": {"ports": [{"port": <port>, "nodePort": <node_port>}]}}, kind="Service")',
    'override({"spec": {"type": <service_type>}}, kind="Service")',
    'override({"spec": {"minReadySeconds": <count>}})',
    'override({"metadata": {"name": <other_name>}})',
    'override({"spec": {"template": {"spec": {"containers": [{"name": "{name}",'
    ' "tty": <bool>}]}}}})',
    'override({"spec": {"template": {"spec": {"containers": [{"name": <other_name>,'
    ' "image": <image>}]}}}})',
    'override({"spec": {"template": {"spec": {"automountServiceAccountToken": <bool>}}}})',
    'override({"spec": {"template": {"metadata": {"annotations": {<label_key>: <label>}}}}})',
    'override({"spec": {"template": {"spec": {"containers": [{"name": "{name}",'
    ' "ports": [{"containerPort": <port>, "protocol": "TCP", "name": <port_name>}]}]}}}})',
    'override({"spec": {"selector": None}})',
)

REPLICATED = (
    "disruption_budget(<count>)",
    "disruption_budget(max_unavailable=<percent>)",
    "replicas(<count>)",
    "replicas(count=<count>)",
    "scale(<min>, <max>)",
    "scale(min=<min>, max=<max>, cpu=<count>, memory=<count>)",
    "scale(<min>, <max>, <count>)",
    'override({"spec": {"template": {"spec": {"containers": [{"name": "{name}",'
    ' "image": <image>}]}}}})',
    "storage(<size>)",
    "storage(<size>, storage_class=<class_name>, access_modes=[<access_mode>], mount_path=<mount>)",
)

BATCH = (
    "timeout(<duration>)",
    "retries(<count>)",
    "parallelism(<count>)",
    "completions(<count>)",
    "ttl(<duration>)",
    "suspend()",
    "suspend(<bool>)",
    "suspend(suspended=<bool>)",
)

KEYED = (
    "mount_path(<mount>)",
    "mount_as_env_vars()",
    "mount_as_env_vars(<prefix>)",
    "file_permissions(<mode>)",
)

STARTS = {
    "CustomResource": "(<api_version>, <kind>, <name>)",
    "Manifests": "(<folder>)",
    "Companion": "(<name>, <role>)",
}

# Builders that say what others ask of them: of which kind they are, and what they say.
SAYING: dict[str, tuple[str, tuple[str, ...]]] = {
    "Resolver": ("App", ("port(53, protocol=<protocol>)",)),
    "Resolvers": ("App", ("port(53, protocol=<protocol>)", "port(53, protocol=<protocol>)")),
    "Proxy": (
        "Companion",
        (
            "port(53, protocol=<protocol>, service_port=<port>)",
            'security_context(seccomp_profile={"type": <seccomp>})',
        ),
    ),
    "Proxied": ("App", ("add_companion(<$Proxy>)",)),
}

# What a builder needs in order to say something valid.
NEEDS: dict[str, tuple[str, ...]] = {
    "CronJob": ("schedule(<cron>)",),
    "Service": ("add_port(<port>)",),
    "Ingress": ("path(<url_path>, <other_name>, <port>)",),
    "PersistentVolumeClaim": ("storage(<size>)",),
    "RoleBinding": ("role(<other_name>)",),
    "ClusterRoleBinding": ("role(<other_name>)",),
}

_ALLOW = (
    "allow([<verb>, <verb>], [<resource>])",
    "allow(<verb>, <resource>, groups=<api_group>, names=[<object_name>])",
    "allow(verbs=[<verb>], resources=<resource>)",
)
_BIND = (
    "role(<other_name>)",
    "role(<other_name>, cluster=<bool>)",
    "to_service_account(<other_name>, <namespace>)",
    "to_service_account(<$ServiceAccount>, namespace=<namespace>)",
    "to_service_account(<other_name>)",
    "to_service_account(<$ServiceAccount>)",
    "to_user(<host>)",
    "to_group(<other_name>)",
)

CALLS: dict[str, tuple[str, ...]] = {
    "App": (*CONTAINER, *PODS, *SERVING, *REPLICATED),
    "StatefulApp": (*CONTAINER, *PODS, *SERVING, *REPLICATED),
    "DaemonSet": (*CONTAINER, *PODS, *SERVING),
    "Job": (*CONTAINER, *PODS, *BATCH),
    "CronJob": (
        *CONTAINER,
        *PODS,
        *BATCH,
        "schedule(<cron>)",
        "timezone(<zone>)",
        "concurrency_policy(<policy>)",
    ),
    # What holds for all containers of a pod, a companion is not asked.
    "Companion": tuple(form for form in CONTAINER if "fs_group" not in form),
    "ConfigMap": (
        *KEYED,
        "add(<config_key>, <text>)",
        "add(key=<config_key>, value=<text>)",
        "add_json(<config_key>, {<key>: <bool>})",
        "add_yaml(<config_key>, {<key>: [<count>]})",
        "from_file(<config_key>, <file>)",
        "from_env_file(<env_file>)",
    ),
    "Secret": (
        *KEYED,
        "add(<config_key>, <text>)",
        "generate_password(<config_key>)",
        "generate_password(<config_key>, length=<length>, charset=<charset>)",
        "from_file(<config_key>, <file>)",
        "from_env_file(<env_file>)",
        "type(<secret_type>)",
    ),
    "Service": (
        "selector({<label_key>: <label>})",
        "selector(<other_name>)",
        "selector(<$App>)",
        "add_port(<port>)",
        "add_port(<port>, <port>, <port_name>)",
        "add_port(<port>, target_port=<port_name>, protocol=<protocol>)",
        'add_port(number=<port>, protocol="UDP")',
        'override({"spec": {"$patch": "no directive"}})',
        "type(<service_type>)",
    ),
    "Ingress": (
        "host(<host>).path(<url_path>, <other_name>, <port>)",
        "host(<host>).path(<url_path>, <other_name>, <port>)"
        ".host(<host>).path(<url_path>, <other_name>, <port>)",
        "path(<url_path>, <other_name>, <port>).host(<host>).host(<host>)"
        ".path(<url_path>, <other_name>, <port>)",
        "path(<url_path>, <$App>, <port_name>, <path_type>)",
        "path(<url_path>, <$Service>, port=<port>)",
        "tls(<other_name>)",
        "tls(<other_name>, [<host>])",
        "ingress_class(<class>)",
    ),
    "PersistentVolumeClaim": (
        "storage(<size>)",
        "storage_class(<class_name>)",
        "access_modes(<access_mode>)",
        "access_modes([<access_mode>, <access_mode>])",
    ),
    "ServiceAccount": ("automount_token()", "automount_token(<bool>)"),
    "Role": _ALLOW,
    "ClusterRole": _ALLOW,
    "RoleBinding": (*_BIND, "role(<$Role>)", "role(<$ClusterRole>)"),
    "ClusterRoleBinding": (*_BIND, "role(<$ClusterRole>)"),
    "NetworkPolicy": (
        "selector(<$App>)",
        "selector({<label_key>: <label>})",
        "deny_ingress()",
        "deny_egress()",
        "allow_from(<$App>)",
        "allow_from(<other_name>, ports=[<port>, <port_name>])",
        'allow_from({"ipBlock": {"cidr": <cidr>}})',
        "allow_to(<other_name>, ports=[<port>])",
        "allow_to()",
        "allow_to(<$App>)",
        "allow_dns()",
        "allow_to(<other_name>, ports=[<spoken_port>, <port>])",
        "allow_to(<$Resolver>, <$Resolver>, ports=[53])",
        "allow_to(<$Resolver>, <other_name>, ports=[53])",
        "selector(<$Resolver>).allow_from(<other_name>, ports=[53, <port>])",
        "selector(<$Resolvers>).allow_from(ports=[53])",
        'selector(<$Resolvers>).allow_from(ports=["port-53-udp"])',
        "allow_to(<$Proxied>, ports=[53])",
    ),
    "Namespace": (),
    "CustomResource": (
        "spec({<key>: <text>})",
        "spec({<key>: {<key>: [<count>, <count>]}})",
        "fields({<key>: <text>})",
        'override({"spec": {<key>: <text>}})',
    ),
    "Manifests": (
        'override({"data": {<key>: <label>}}, kind="ConfigMap")',
        'override({"spec": {"replicas": <count>}}, kind="Deployment")',
    ),
    "AppGroup": ("add(<$App>, <$Job>)", "add(<$ConfigMap>)", "add(<$AppGroup>)"),
}

NO_OBJECT = ("Companion", "AppGroup")
CLUSTER_WIDE = ("ClusterRole", "ClusterRoleBinding", "Namespace")


def _is_possible(builder: str, form: str) -> bool:
    if form.startswith("override"):
        return builder not in NO_OBJECT
    return builder not in CLUSTER_WIDE or not form.startswith("namespace")


CALLS = {
    builder: forms + tuple(form for form in ANY if _is_possible(builder, form))
    for builder, forms in CALLS.items()
}
