"""Docker Compose: what each setting becomes, and what is reported because it cannot be said."""

import pytest
import yaml

from tests.formats.composed import files, lost, project

SHOP = """\
password = Secret("database").generate_password("POSTGRES_PASSWORD")
settings = ConfigMap("settings").add("LOG_LEVEL", "info").add("PRICE", "$5")
database = (
    StatefulApp("database").image("postgres:17").port(5432).storage("10Gi")
    .add_secret(password).health_checks(readiness_probe=["pg_isready"])
)
migration = Job("migration").image("shop:1").args(["migrate"]).depends_on(database)
shop = (
    App("shop").image("shop:1").port(8080).expose(via="loadbalancer").add_config(settings)
    .depends_on(database, migration)
)
"""
COMPOSE = """\
services:
  database:
    image: postgres:17
    restart: unless-stopped
    expose:
    - "5432"
    healthcheck:
      test:
      - CMD
      - pg_isready
      interval: "10s"
      timeout: "1s"
      retries: 3
    security_opt:
    - no-new-privileges:true
    env_file:
    - path: "./secrets/database.env"
      format: raw
    volumes:
    - type: volume
      source: database-data
      target: /data
  migration:
    image: shop:1
    command:
    - migrate
    restart: "no"
    security_opt:
    - no-new-privileges:true
    depends_on:
      database:
        condition: service_healthy
  shop:
    image: shop:1
    restart: unless-stopped
    ports:
    - target: 8080
      published: "8080"
    expose:
    - "8080"
    security_opt:
    - no-new-privileges:true
    environment:
      LOG_LEVEL: info
      PRICE: "$$5"
    depends_on:
      database:
        condition: service_healthy
      migration:
        condition: service_completed_successfully
volumes:
  database-data: {}
"""


def test_a_project():
    assert files(SHOP) == {
        "compose.yaml": COMPOSE,
        "secrets/database.env": "POSTGRES_PASSWORD=***\n",
    }


def test_rendering_twice_gives_the_same():
    assert files(SHOP) == files(SHOP)


APP = 'App("a").image("i:1")'
SERVICES = [
    pytest.param(f"{APP}.command(['run']).args(['-v'])", "{entrypoint: [run], command: [-v]}"),
    pytest.param(f"{APP}.port(53, protocol='UDP')", "{expose: ['53/udp']}"),
    pytest.param(
        f"{APP}.port(53, protocol='UDP').expose(via='loadbalancer')",
        "{expose: ['53/udp'], ports: [{target: 53, published: '53', protocol: udp}]}",
    ),
    pytest.param(
        f"{APP}.port(8080, service_port=80).expose(via='loadbalancer')",
        "{expose: ['8080'], ports: [{target: 8080, published: '80'}]}",
    ),
    pytest.param(
        f"{APP}.resources(cpu='250m', memory='1000', cpu_limit=2, memory_limit='1.5Gi')",
        "{deploy: {resources: {limits: {cpus: '2', memory: 1536m},"
        " reservations: {cpus: '0.25', memory: 1000b}}}}",
    ),
    pytest.param(
        f"{APP}.resources(gpu=2)",
        "{deploy: {resources: {reservations:"
        " {devices: [{driver: nvidia, count: 2, capabilities: [gpu]}]}}}}",
    ),
    pytest.param(f"{APP}.resources(gpu=0)", "{}"),
    pytest.param(f"{APP}.replicas(0)", "{deploy: {replicas: 0}}"),
    pytest.param(
        f"{APP}.labels(team='a').annotations(b='c')", "{labels: {team: a}, annotations: {b: c}}"
    ),
    pytest.param(
        f"{APP}.hardened().security_context(run_as_user=7)", "{user: '7', cap_drop: [ALL]}"
    ),
    pytest.param(
        f"{APP}.security_context(run_as_user=7, run_as_group=8, read_only_root_filesystem=True)",
        "{user: '7:8', read_only: true}",
    ),
    pytest.param(
        f"{APP}.security_context(capabilities={{'add': ['NET_ADMIN'], 'drop': ['ALL']}})",
        "{cap_add: [NET_ADMIN], cap_drop: [ALL]}",
    ),
    pytest.param(
        f"{APP}.security_context(privileged=True)", "{privileged: true, security_opt: null}"
    ),
    pytest.param(
        f"{APP}.security_context(seccomp_profile={{'type': 'Unconfined'}})",
        "{security_opt: ['no-new-privileges:true', 'seccomp:unconfined']}",
    ),
    pytest.param(
        f"{APP}.security_context(supplemental_groups=[5])"
        ".security_context(sysctls=[{'name': 'a.b', 'value': '1'}])",
        "{group_add: ['5'], sysctls: {a.b: '1'}}",
    ),
    pytest.param(
        f"{APP}.lifecycle(pre_stop=['bye'], post_start=['hi'], termination_grace_period='1m')",
        "{pre_stop: [{command: [bye]}], post_start: [{command: [hi]}], stop_grace_period: 60s}",
    ),
    pytest.param(
        f"{APP}.health_checks(liveness_probe={{'command': ['x'], 'initial_delay': 5, 'period': 7,"
        " 'timeout': 2, 'failure_threshold': 4})",
        "{healthcheck: {test: [CMD, x], interval: 7s, timeout: 2s, retries: 4, start_period: 5s}}",
    ),
    pytest.param(
        f"{APP}.volumes({{'/c': 'emptyDir', '/m': 'memory'}})"
        ".volumes({'/h': {'hostPath': {'path': '/x'}}})",
        "{volumes: [{type: volume, target: /c}, {type: tmpfs, target: /m},"
        " {type: bind, source: /x, target: /h}]}",
    ),
    pytest.param(
        f"{APP}.volumes({{'/m': {{'emptyDir': {{'medium': 'Memory', 'sizeLimit': '64Mi'}}}}}})",
        "{volumes: [{type: tmpfs, target: /m, tmpfs: {size: 64m}}]}",
    ),
    pytest.param(
        f"{APP}.env('A', secret='other', key='k').env('B', '$x')",
        "{environment: {A: '${A:?k of other}', B: $$x}}",
    ),
    pytest.param(
        f"{APP}.add_config(ConfigMap('c').add('K', 'v'), prefix='P_')"
        ".env('Q', config='c', key='K')",
        "{environment: {P_K: v, Q: v}}",
    ),
    pytest.param("Job('a').image('i:1').retries(3)", "{restart: 'on-failure:3'}"),
    pytest.param("Job('a').image('i:1').suspend()", "{restart: 'no', deploy: {replicas: 0}}"),
    pytest.param("DaemonSet('a').image('i:1')", "{}"),
]


def test_a_port_of_a_companion_is_published_by_the_service_whose_network_it_has():
    companion = "Companion('c').image('i:2').port(4180, service_port=80)"
    source = f"{APP}.port(8080).expose('a.example.com', port=80).add_companion({companion})"

    main = project(source)["services"]["a"]

    assert main["expose"] == ["8080", "4180"]
    assert main["ports"] == [{"target": 4180, "published": "80"}]


@pytest.mark.parametrize(("source", "expected"), SERVICES)
def test_a_setting_of_a_service(source, expected):
    [made] = project(source)["services"].values()
    usual = {
        "image": "i:1",
        "restart": "unless-stopped",
        "security_opt": ["no-new-privileges:true"],
    }
    wanted = {**usual, **yaml.safe_load(expected)}

    assert made == {key: value for key, value in wanted.items() if value is not None}


def test_a_build_starts_at_the_folder_of_the_file():
    source = 'App("a").from_dockerfile("src/a", dockerfile="D", VERSION="$1")'

    made = [project(source, folder)["services"]["a"]["build"] for folder in (".", "deploy/one")]

    args = {"VERSION": "$$1"}
    assert made == [
        {"context": "src/a", "dockerfile": "D", "args": args},
        {"context": "../../src/a", "dockerfile": "D", "args": args},
    ]


def test_secrets_are_files_and_never_stand_in_the_project():
    source = """\
secret = Secret("db").add("password", "hunter2").generate_password("token")
App("one").image("i:1").add_secret(secret, mount_path="/run/db")
App("two").image("i:1").env("PASSWORD", secret=secret, key="password").env("PASSWORD_2", "x")
"""
    made = files(source)
    read = yaml.safe_load(made.pop("compose.yaml"))

    assert read["secrets"] == {
        "db_password": {"file": "./secrets/db_password"},
        "db_token": {"file": "./secrets/db_token"},
    }
    assert read["services"]["one"]["secrets"] == [
        {"source": "db_password", "target": "/run/db/password"},
        {"source": "db_token", "target": "/run/db/token"},
    ]
    assert read["services"]["two"]["environment"] == {"PASSWORD_2": "x"}
    assert made == {
        "secrets/db_password": "***",
        "secrets/db_token": "***",
        "secrets/two.env": "PASSWORD=***\n",
    }


def test_settings_are_configs_with_their_content():
    source = """\
settings = ConfigMap("web").add("a.conf", "x $y\\n").mount_path("/etc/web").file_permissions(0o400)
App("one").image("i:1").add_config(settings)
"""
    read = project(source)

    assert read["configs"] == {"web_a.conf": {"content": "x $$y\n"}}
    assert read["services"]["one"]["configs"] == [
        {"source": "web_a.conf", "target": "/etc/web/a.conf", "mode": "0400"}
    ]


def test_settings_of_a_read_only_container_are_files_because_nothing_can_be_copied_into_it():
    source = """\
settings = ConfigMap("web").add("a.conf", "x $y\\n").mount_path("/etc/web")
App("one").image("i:1").add_config(settings).security_context(read_only_root_filesystem=True)
"""
    made = files(source)

    assert made["configs/web_a.conf"] == "x $y\n"
    assert yaml.safe_load(made["compose.yaml"])["configs"] == {
        "web_a.conf": {"file": "./configs/web_a.conf"}
    }


def test_companions_are_services_in_the_network_of_theirs_or_before_it():
    source = """\
app = App("web").image("i:1").port(80).volumes({"/logs": "emptyDir"})
app.add_companion(Companion("first", "init").image("i:2"))
app.add_companion(Companion("second", "init").image("i:3"))
app.add_companion(Companion("logs").image("i:4").port(2020).volumes({"/logs": "emptyDir"}))
"""
    services = project(source)["services"]

    done = {"condition": "service_completed_successfully"}
    assert services["web-first"]["restart"] == "no"
    assert services["web-second"]["depends_on"] == {"web-first": done}
    assert services["web"]["depends_on"] == {"web-first": done, "web-second": done}
    assert services["web"]["expose"] == ["80", "2020"]
    assert services["web-logs"]["network_mode"] == "service:web"
    assert services["web-logs"]["restart"] == "unless-stopped"
    assert "expose" not in services["web-logs"]
    [volume] = project(source)["volumes"]
    assert services["web"]["volumes"] == services["web-logs"]["volumes"]
    assert services["web"]["volumes"][0]["source"] == volume


def test_a_group_gives_its_labels():
    source = (
        'AppGroup("shop").labels(team="a").add(App("web").image("i:1"), App("api").image("i:1"))'
    )

    made = project(source)["services"]

    assert [made[name]["labels"] for name in ("web", "api")] == [{"team": "a"}, {"team": "a"}]


def test_a_shared_claim_is_one_volume():
    source = """\
claim = PersistentVolumeClaim("shared").storage("1Gi")
App("one").image("i:1").volumes({"/a": claim})
App("two").image("i:1").volumes({"/b": claim, "/c": "claim:other"})
"""
    read = project(source)

    assert read["volumes"] == {"shared": {}, "other": {}}
    assert [mount["source"] for mount in read["services"]["two"]["volumes"]] == ["shared", "other"]


LOST = [
    pytest.param(f"{APP}.scale(2, 5)", "scale(2, 5)", "no scaling by load"),
    pytest.param(f"{APP}.service_account('s')", "service_account('s')", "no service accounts"),
    pytest.param(f"{APP}.node_selector({{'a': 'b'}})", "'a'", "no nodes to choose from"),
    pytest.param(f"{APP}.toleration('a')", "toleration('a')", "no nodes with taints"),
    pytest.param(f"{APP}.spread()", "spread()", "no nodes to spread over"),
    pytest.param(
        f"{APP}.disruption_budget(max_unavailable=1)",
        "disruption_budget(max_unavailable=1)",
        "no nodes that are drained",
    ),
    pytest.param(f"{APP}.namespace('n')", "'n'", "no namespaces"),
    pytest.param(
        f"{APP}.override({{'spec': {{'paused': True}}}})",
        "override({'spec': {'paused': True}})",
        "no Kubernetes objects that could be overridden",
    ),
    pytest.param(f"{APP}.port(80).expose('a.example')", "'a.example'", "no routes"),
    pytest.param(f"{APP}.depends_on('x')", "'x'", "cannot wait for x"),
    pytest.param(
        f"{APP}.port(80).health_checks(readiness_probe='/h')",
        "'/h'",
        "by a command in its container",
    ),
    pytest.param(
        f"{APP}.health_checks(readiness_probe=['a'], liveness_probe=['b'])",
        "'b'",
        "one health check",
    ),
    pytest.param(
        f"{APP}.health_checks(readiness_probe={{'command': ['a'], 'success_threshold': 2}})",
        "2",
        "counts no successes",
    ),
    pytest.param(f"{APP}.port(80).lifecycle(pre_stop='/bye')", "'/bye'", "runs commands only"),
    pytest.param(f"{APP}.hardened()", "hardened()", "does not check that a runs as another user"),
    pytest.param(f"{APP}.security_context(fs_group=5)", "5", "has no fs_group for a"),
    pytest.param(
        f"{APP}.security_context(run_as_group=5)", "5", "the group of a with its user only"
    ),
    pytest.param(
        f"{APP}.security_context(seccomp_profile={{'type': 'Localhost', 'localhostProfile': 'x'}})",
        "'type'",
        "has no seccomp_profile for a",
    ),
    pytest.param(f"{APP}.port(8080, service_port=80)", "80", "reached on port 8080, not on 80"),
    pytest.param(f"{APP}.env('A', 'x').env('B', '$(A)/y')", "'$(A)/y'", "A in the place of $(A)"),
    pytest.param(f"{APP}.add_secret('other')", "'other'", "other is not described here"),
    pytest.param(f"{APP}.add_config('other')", "'other'", "other is not described here"),
    pytest.param(
        f"{APP}.add_secret(Secret('s').add('K', 'a\\nb'))",
        "add('K', 'a\\nb')",
        "a variable of several lines, K",
    ),
    pytest.param(
        f"{APP}.add_secret(Secret('s').add('k', 'x').file_permissions(0o400), mount_path='/s')",
        "0o400",
        "the mode that they have on the host",
    ),
    pytest.param(
        f"{APP}.volumes({{'/n': {{'nfs': {{'path': '/'}}}}}})", "'nfs'", "no volumes of nfs"
    ),
    pytest.param(f"{APP}.storage('1Gi')", "'1Gi'", "has no size"),
    pytest.param(
        "StatefulApp('a').image('i:1').storage('1Gi').replicas(2)",
        "2",
        "one volume for all containers",
    ),
    pytest.param(
        f"{APP}.port(80).replicas(2).expose(via='loadbalancer')",
        "expose(via='loadbalancer')",
        "2 containers cannot share port 80",
    ),
    pytest.param(
        f"{APP}.port(80).expose(via='loadbalancer')\n"
        "App('b').image('i:1').port(80).expose(via='loadbalancer')",
        "expose(via='loadbalancer')",
        "a has port 80 of the host",
    ),
    pytest.param(
        f"{APP}.replicas(2).add_companion(Companion('c').image('i:1'))",
        "add_companion(Companion('c').image('i:1'))",
        "the first container of several only",
    ),
    pytest.param("Job('j').image('i:1').timeout('1h')", "'1h'", "no time limits"),
    pytest.param("Job('j').image('i:1').parallelism(2)", "2", "in parallel"),
    pytest.param("Job('j').image('i:1').completions(2)", "2", "several times"),
    pytest.param("Job('j').image('i:1').ttl(9)", "9", "removed when it is done"),
    pytest.param("CronJob('c').image('i:1').schedule('@daily')", "CronJob('c')", "a schedule"),
    pytest.param(
        "Service('s').add_port('http', 80).selector({'a': 'b'})", "Service('s')", "a Service"
    ),
    pytest.param("Namespace('n')", "Namespace('n')", "a Namespace"),
    pytest.param("ConfigMap('c').add('a', 'b')", "ConfigMap('c')", "settings that no service uses"),
    pytest.param(
        "CustomResource('a/v1', 'Kind', 'n')", "CustomResource('a/v1', 'Kind', 'n')", "a Kind"
    ),
]


@pytest.mark.parametrize(("source", "underlined", "message"), LOST)
def test_nothing_is_lost_in_silence(source, underlined, message):
    found = [(text, said) for text, said in lost(source) if message in said]

    assert [text for text, _ in found] == [underlined]


@pytest.mark.parametrize("call", ["depends_on(App('b').image('i:1'))", "connect_to('b')"])
def test_what_a_project_says_anyway_is_no_finding(call):
    assert lost(f"{APP}.{call}\n") == []
