"""``k8sgen validate --fix``: what it changes, and that it leaves alone what it cannot better."""

SOURCE = """\
from k8s_gen import App

web = (  # the shop
    App("web")
    .image("nginx:1.27")  # pinned
    .security_context(privileged=True)
)
"""


def test_a_safe_correction_is_made_and_the_rest_stays(project):
    project.write("app.py", SOURCE)

    ran = project.run("validate", "app.py", "--fix", "--select", "privileged-container")

    assert (ran.code, ran.out, ran.err) == (0, "1 file: no findings\n", "fixed app.py\n")
    assert project.read("app.py") == SOURCE.replace("    .security_context(privileged=True)\n", "")


def test_line_ends_and_modes_stay(project):
    path = project.write("app.py", "")
    path.write_bytes(SOURCE.replace("\n", "\r\n").encode())
    path.chmod(0o755)

    project.run("validate", "app.py", "--fix", "--select", "privileged-container")

    expected = SOURCE.replace("    .security_context(privileged=True)\n", "")
    assert path.read_bytes() == expected.replace("\n", "\r\n").encode()
    assert path.stat().st_mode & 0o777 == 0o755


def test_helpers_that_a_file_imports_are_corrected_too(project):
    project.write(
        "parts.py",
        "from k8s_gen import App\n\n\ndef web(name):\n"
        '    return App(name).image("a:1").security_context(privileged=True)\n',
    )
    project.write("app.py", 'from parts import web\n\nweb("a")\nweb("b")\n')

    ran = project.run("validate", "app.py", "--fix", "--select", "privileged-container")

    assert (ran.code, ran.err) == (0, "fixed parts.py\n")
    assert "security_context" not in project.read("parts.py")


def test_a_file_that_is_fine_is_not_written(project):
    path = project.write("app.py", 'from k8s_gen import App\nApp("web").image("nginx:1.27")\n')
    before = path.stat().st_mtime_ns

    ran = project.run("validate", "app.py", "--fix", "--select", "privileged-container")

    assert (ran.code, ran.err) == (0, "")
    assert path.stat().st_mtime_ns == before


def test_a_broken_file_is_not_touched(project):
    project.write("app.py", 'App("web"')

    ran = project.run("validate", "app.py", "--fix")

    assert ran.code == 1
    assert project.read("app.py") == 'App("web"'


TYPED = """\
from k8s_gen import App

App("web").image("nginx:1.27").port(80, name='http').scale(min=2, max=9).health_checks(
    liveness_probe={"path": "/", "port": 'htpp'},
).override({
    "spec": {
        "replicas": 2,
        "minReadySeconds": 5,  # slow
    },
}, kind="Deployment")
"""


def test_values_in_literals_are_corrected(project):
    project.write("app.py", TYPED)
    rules = "liveness-port,replicas-with-autoscaler"

    ran = project.run("validate", "app.py", "--fix", "--select", rules)

    assert (ran.code, ran.err) == (0, "fixed app.py\n")
    expected = TYPED.replace("htpp", "http").replace('        "replicas": 2,\n', "")
    assert project.read("app.py") == expected


def test_an_old_group_is_left_where_its_successor_has_other_fields(project):
    source = """\
from k8s_gen import CustomResource

CustomResource("extensions/v1beta1", "NetworkPolicy", "a").spec({"podSelector": {}})
CustomResource("extensions/v1beta1", "Ingress", "b").spec({"backend": {"serviceName": "b"}})
"""
    project.write("app.py", source)

    project.run("validate", "app.py", "--fix", "--select", "no-extensions-v1beta")

    new = 'CustomResource("networking.k8s.io/v1", "NetworkPolicy"'
    old = 'CustomResource("extensions/v1beta1", "NetworkPolicy"'
    assert project.read("app.py") == source.replace(old, new)
