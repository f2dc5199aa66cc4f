"""``k8sgen diff``: what generate would change, where it would."""

from tests.cli.project import Ran

CHANGED = """\
--- k8s/web-deployment.yaml
+++ k8s/web-deployment.yaml
@@ -6,7 +6,7 @@
     app.kubernetes.io/name: web
     app.kubernetes.io/managed-by: k8s-gen
 spec:
-  replicas: 2
+  replicas: 3
   selector:
     matchLabels:
       app.kubernetes.io/name: web
"""


def test_no_difference_is_silent(web):
    web.run("generate", "app.py")

    assert web.run("diff", "app.py") == Ran(0, "", "")


def test_a_changed_argument_is_a_changed_line(web):
    web.run("generate", "app.py")
    before = web.tree("k8s")
    web.write("app.py", web.read("app.py").replace("replicas(2)", "replicas(3)"))

    assert web.run("diff", "app.py") == Ran(1, CHANGED, "")
    assert web.tree("k8s") == before


def test_files_that_come_and_go_are_shown_whole(web):
    web.run("generate", "app.py")
    web.write("app.py", 'from k8s_gen import Namespace\n\nNamespace("shop")\n')

    ran = web.run("diff", "app.py")

    assert "--- /dev/null\n+++ k8s/shop-namespace.yaml\n@@ -0,0 +1," in ran.out
    assert "--- k8s/web-service.yaml\n+++ /dev/null\n" in ran.out
    assert sum(line.startswith("-  replicas") for line in ran.out.splitlines()) == 1


def test_an_edit_by_hand_is_shown(web):
    web.run("generate", "app.py")
    edited = web.read("k8s/web-deployment.yaml").replace("replicas: 2", "replicas: 9")
    web.write("k8s/web-deployment.yaml", edited)

    assert "-  replicas: 9\n+  replicas: 2\n" in web.run("diff", "app.py").out


def test_the_folder_is_the_one_that_generate_would_write(web):
    web.write("app.py", web.read("app.py") + 'web.generate().to_yaml("./deploy/")\n')

    assert "+++ deploy/web-deployment.yaml" in web.run("diff", "app.py").out
    assert "+++ other/web-deployment.yaml" in web.run("diff", "app.py", "-o", "other").out


def test_a_broken_file_has_no_difference_but_findings(web):
    web.write("app.py", "1 / 0\n")

    ran = web.run("diff", "app.py")

    assert (ran.code, ran.out) == (1, "")
    assert "error[uncaught-exception] app.py:1:1" in ran.err
