"""``k8sgen validate --output``: each format against the schema or the document that defines it."""

import json
import re
from io import StringIO

import jsonschema_rs
import pytest
import xmlschema

from tests.cli.test_preview import closed, many

FILE = """\
from k8s_gen import App

App("web").image("nginx").replicas(-1)
App("shop & <co>")
App("🐘 api".strip("🐘 ")).image("api"); App("b").image("b:latest")
"""
# https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
TEXT = {"type": "string", "minLength": 1}
LINE = {"type": "integer", "minimum": 1}
GITLAB = many(
    closed(
        description=TEXT,
        check_name=TEXT,
        fingerprint=TEXT,
        severity={"enum": ["info", "minor", "major", "critical", "blocker"]},
        location=closed(
            path={"type": "string", "pattern": "^(?!\\./|/)"},
            lines=closed(begin=LINE, end=LINE),
        ),
    )
)
# https://docs.github.com/actions/reference/workflow-commands-for-github-actions
GITHUB = re.compile(
    r"::(?:error|warning|notice) [a-zA-Z]+=[^,:\r\n]*(?:,[a-zA-Z]+=[^,:\r\n]*)*"
    r"::(?:[^\r\n]*)"
)


@pytest.fixture
def judged(project):
    project.write("apps/app.py", FILE)
    project.write("fine/b.py", 'from k8s_gen import App\nApp("fine").image("c:1")\n')
    project.write("k8sgen.toml", "")

    def run(kind):
        ran = project.run("validate", "apps", "fine", "--output", kind, "--select", "latest-tag")
        assert (ran.code, ran.err) == (1, "")
        return ran.out

    return run


def test_sarif_is_valid_and_links_the_generated_field(judged, shared):
    text = (shared / "judges/schemas/sarif-2.1.0.json").read_text("utf-8")
    # One pattern of the official schema has a bracket too many, which the engine refuses.
    schema = json.loads(text.replace("[a-zA-Z]{2}]?$", "[a-zA-Z]{2}?$"))
    log = json.loads(judged("sarif"))

    jsonschema_rs.validator_for(schema).validate(log)
    [run] = log["runs"]
    described = [each["id"] for each in run["tool"]["driver"]["rules"]]
    assert all(described[each["ruleIndex"]] == each["ruleId"] for each in run["results"])
    [tag] = [
        each
        for each in run["results"]
        if each["ruleId"] == "latest-tag" and "'nginx'" in each["message"]["text"]
    ]
    place = tag["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "apps/app.py", "uriBaseId": "SRCROOT"}
    assert place["region"] == {"startLine": 3, "startColumn": 18, "endLine": 3, "endColumn": 25}
    [made] = tag["relatedLocations"]
    assert made["physicalLocation"]["artifactLocation"]["uri"] == "k8s/web-deployment.yaml"
    prints = [each["partialFingerprints"]["k8sgen/v1"] for each in run["results"]]
    assert len(set(prints)) == len(prints)


def test_fingerprints_stay_when_lines_move(project):
    def prints(text):
        project.write("app.py", text)
        out = project.run("validate", "app.py", "--output", "gitlab", "--select", "latest-tag").out
        return {each["fingerprint"] for each in json.loads(out)}

    source = 'from k8s_gen import App\nApp("web").image("nginx")\nApp("api").image("nginx")\n'

    first = prints(source)

    assert len(first) == 2
    assert prints(f"# moved\n\n\n{source}") == first
    assert prints(source.replace('"api"', '"other"')) != first


def test_junit_fits_its_schema(judged, shared):
    schema = xmlschema.XMLSchema(str(shared / "judges/schemas/junit.xsd"))
    text = judged("junit")

    schema.validate(StringIO(text))
    assert '<testsuite name="fine/b.py" tests="1" failures="0" errors="0">' in text
    assert "shop &amp; &lt;co&gt;" in text


def test_gitlab_has_the_documented_shape(judged):
    entries = json.loads(judged("gitlab"))

    jsonschema_rs.validator_for(GITLAB).validate(entries)
    assert len({each["fingerprint"] for each in entries}) == len(entries)
    assert {each["location"]["path"] for each in entries} == {"apps/app.py"}


def test_github_commands_say_where(judged):
    lines = judged("github").splitlines()

    assert all(GITHUB.fullmatch(line) for line in lines)
    assert lines[0].startswith(
        "::error file=apps/app.py,line=3,endLine=3,col=18,endColumn=25,title=k8sgen%3A latest-tag::"
        "the image 'nginx' has no tag%0A"
    )


def test_a_baseline_lets_only_new_findings_fail(project):
    select = ("--select", "latest-tag")
    project.write("app.py", 'from k8s_gen import App\nApp("web").image("nginx")\n')
    written = project.run("validate", "app.py", *select, "--write-baseline", "known.json")
    assert (written.code, written.err) == (0, "1 finding in known.json\n")

    known = project.run("validate", "app.py", *select, "--baseline", "known.json")
    project.write(
        "app.py",
        'from k8s_gen import App\n\nApp("web").image("nginx")\nApp("b").image("redis")\n',
    )
    more = project.run("validate", "app.py", *select, "--baseline", "known.json")
    project.write("app.py", 'from k8s_gen import App\nApp("web").image("nginx:1")\n')
    fewer = project.run("validate", "app.py", *select, "--baseline", "known.json")

    assert known.code == 0
    assert known.out == "1 file: no findings\n"
    assert known.err == "1 finding of the baseline left out\n"
    assert more.code == 1
    assert "app.py:4:16 the image 'redis' has no tag" in more.out
    assert "nginx" not in more.out
    assert fewer.code == 0
    assert "1 entry of the baseline no longer found: latest-tag Deployment/web" in fewer.err


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"version": 2, "findings": []}', "\0"])
def test_what_is_no_baseline_is_refused(project, text):
    project.write("app.py", 'from k8s_gen import App\nApp("web").image("nginx")\n')
    project.write("known.json", text)

    ran = project.run("validate", "app.py", "--baseline", "known.json")

    assert (ran.code, ran.out) == (2, "")
    assert "known.json" in ran.err
    assert "--write-baseline" in ran.err
