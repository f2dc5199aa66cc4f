"""Validators: which of their methods run, and where what they raise is shown."""

import pytest

from tests.core.described import described
from tests.rules.marked import check, checking, messages


def test_each_method_runs_by_itself_and_each_error_is_a_finding():
    check(
        """\
class Base(Validator):
    def validate_image(self, app):
        if "/" not in app.image:
            raise ValidationError("no registry", hint="write it out")

class Check(Base):
    def helper(self, app):
        raise ValidationError("never run")

    def validate_name(self, app):
        if len(app.name) < 4:
            raise ValidationError("too short", severity="info")

    def validate_replicas(self, app):
        if (app.replicas or 1) < 2:
            raise ValidationError("too few", severity="warning")

app = App("web").image("nginx:1").replicas(1).add_validator(Check())
#         ^^^^^ failed-validation
#                      ^^^^^^^^^ failed-validation
#                                          ^ failed-validation
""",
        "error: no registry (write it out)",
        "info: too short",
        "warning: too few",
    )


def test_every_workload_that_it_was_added_to_is_checked():
    source = checking("if app.replicas is None: raise ValidationError(app.name)") + (
        """\
a = App("a").image("a:1").add_validator(Check())
#   ^^^^^^^^ failed-validation
b = StatefulApp("b").image("a:1").add_validator(Check())
#   ^^^^^^^^^^^^^^^^ failed-validation
c = Job("c").image("a:1").add_validator(Check())
#   ^^^^^^^^ failed-validation
d = App("d").image("a:1")
e = App("e").image("a:1").replicas(1).add_validator(Check())
"""
    )

    check(source, "error: a", "error: b", "error: c")
    assert [each.object for each in described(source).findings] == [
        "Deployment/a",
        "StatefulSet/b",
        "Job/c",
    ]


def test_a_group_has_every_workload_in_it_checked_with_what_it_inherits():
    check(
        checking("if 'owner' not in app.labels: raise ValidationError(str(dict(app.labels)))")
        + """\
check = Check()
inner = AppGroup("inner").add(App("a").image("a:1").labels(team="a").add_validator(check))
#                             ^^^^^^^^ failed-validation
outer = AppGroup("outer").add(inner, ConfigMap("c").add("a", "b")).labels(tier="web")
outer.add_validator(check)
""",
        "error: {'tier': 'web', 'team': 'a'}",
    )


def test_a_companion_is_checked_by_what_was_added_to_it():
    check(
        checking("if app.image == 'b:1': raise ValidationError('no')")
        + """\
companion = Companion("logs").image("b:1").add_validator(Check())
#                                   ^^^^^ failed-validation
app = App("a").image("a:1").add_companion(companion)
"""
    )


def test_the_settings_of_the_chosen_environment_are_checked():
    source = (
        checking("if app.replicas > 1: raise ValidationError('no')")
        + """\
app = App("a").image("a:1").replicas(1).add_validator(Check())
app.for_environment("prod").replicas(3)
#                                    ^ failed-validation
"""
    )

    check(source, environment="prod")
    assert described(source).findings == []


def test_a_validator_of_one_environment_checks_only_there():
    source = (
        checking("if app.replicas == 1: raise ValidationError('no')")
        + """\
app = App("a").image("a:1").replicas(1)
#                                    ^ failed-validation
app.for_environment("prod").add_validator(Check())
"""
    )

    check(source, environment="prod")
    assert described(source).findings == []


def test_a_finding_can_be_ignored_with_a_reason():
    check(
        checking("raise ValidationError('no')")
        + """\
app = App("a").image("a:1").add_validator(Check()).ignore("failed-validation", "known")
"""
    )


@pytest.mark.parametrize(
    "source",
    [
        pytest.param(
            checking("re.match('a', app.name)\n#####").replace(
                "        #####", "#       ^^ validator-failed", 1
            )
            + 'app = App("a").image("a:1").add_validator(Check())\n',
            id="forgotten import",
        ),
        pytest.param(
            """\
def part(image):
    return image.split("/")[1]
#          ^^^^^^^^^^^^^^^^^^^ validator-failed

class Check(Validator):
    def validate_part(self, app):
        part(app.image)

    def validate_name(self, app):
        if app.name == "a":
            raise ValidationError("no")

app = App("a").image("a:1").add_validator(Check())
#         ^^^ failed-validation
""",
            id="the innermost of its own code, and everything else goes on",
        ),
        pytest.param(
            """\
import json
class Check(Validator):
    def validate_json(self, app):
        json.loads(app.name)
#            ^^^^^^^^^^^^^^^ validator-failed

app = App("a").image("a:1").add_validator(Check())
""",
            id="not inside what it calls",
        ),
        pytest.param(
            """\
class Check(Validator):
    def validate_json(self):
        pass
#       ^^^^ validator-failed

app = App("a").image("a:1").add_validator(Check())
""",
            id="takes no workload",
        ),
        pytest.param(
            """\
class Check(Validator):
    def validate_name(self, app):
        app.labels["team"] = "shop"
#       ^^^^^^^^^^^^^^^^^^ validator-failed

app = App("a").image("a:1").add_validator(Check())
""",
            id="writes",
        ),
        pytest.param(
            """\
class Check(Validator):
    def validate_name(self, app):
        raise ValidationError("no", severity="fatal")
#             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ validator-failed

app = App("a").image("a:1").add_validator(Check())
""",
            id="no such severity",
        ),
        pytest.param(
            """\
class Check(Validator):
    def validate_name(self, app):
        raise SystemExit(3)
#             ^^^^^^^^^^^^^ validator-failed

app = App("a").image("a:1").add_validator(Check())
""",
            id="ends the process",
        ),
        pytest.param(
            """\
class Check(Validator):
    def validate_name(self, app):
        return ValidationError("no")
#              ^^^^^^^^^^^^^^^ validator-failed

    async def validate_image(self, app):
        raise ValidationError("no")
#             ^^^^^^^^^^^^^^^ validator-failed

    def validate_labels(self, app):
        yield ValidationError("no")
#             ^^^^^^^^^^^^^^^ validator-failed

app = App("a").image("a:1").add_validator(Check())
""",
            id="says it so that nobody hears",
        ),
        pytest.param(
            """\
class Check(Validator):
    def check_name(self, app):
        raise ValidationError("no")

app = App("a").image("a:1").add_validator(Check())
#                           ^^^^^^^^^^^^^^^^^^^^^^ empty-validator
""",
            id="checks nothing",
        ),
    ],
)
def test_a_validator_that_fails_is_a_finding_in_its_own_code(source):
    check(source)


def test_a_failure_says_what_to_do_once_for_all_workloads():
    source = checking("re.match('a', app.name)") + (
        'AppGroup("g").add(App("a").image("a:1"), App("b").image("a:1")).add_validator(Check())\n'
    )

    assert list(messages(described(source).findings)) == [
        "error: Check.validate_it failed: NameError: name 're' is not defined (add: import re)"
    ]


def test_what_was_refused_is_not_judged_as_missing():
    check(
        """\
class Check(Validator):
    def validate_image(self, app):
        if "/" not in app.image:
            raise ValidationError("no registry")

    def validate_name(self, app):
        if len(app.name) < 4:
            raise ValidationError("too short")

app = App("web").image("A B").add_validator(Check())
#         ^^^^^ failed-validation
#                      ^^^^^ invalid-image
"""
    )


def test_what_a_validator_builds_is_not_deployed():
    made = described(
        checking("App('other').image(app.image).build().image")
        + 'app = App("a").image("a:1").add_validator(Check())\n'
    )

    assert made.findings == []
    assert [each["metadata"]["name"] for each in made.objects] == ["a"]


def test_what_no_validator_is_is_refused_at_the_argument():
    source = """\
class Check(Validator):
    pass

a = App("a").image("a:1").add_validator(Check)
#                                       ^^^^^ wrong-type
b = App("b").image("a:1").add_validator(print)
#                                       ^^^^^ wrong-type
"""

    check(
        source,
        "error: Check is a class; a validator is an instance of one (write Check())",
        "error: print is a function; a validator must be an instance of a subclass of Validator",
    )


def test_a_validator_called_by_its_user_takes_builders():
    source = checking("if app.image.endswith(':latest'): raise ValidationError('pin it')") + (
        """\
app = App("a").image("a:latest")
try:
    Check().validate_it(app)
except ValidationError as error:
    said = error.message
Check().validate_it(App("b").image("b:1").build())
"""
    )

    assert described(source).names["said"] == "pin it"
