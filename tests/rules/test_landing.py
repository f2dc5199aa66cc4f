"""The landing of a validator's error: at the argument that set what it is about."""

import pytest

from tests.rules.marked import check, checking

APP = """\
app = (App("web")
    .image("ghcr.io/acme/web:1.4")
    .labels({"team": "shop", "env": "prod"})
    .resources(cpu="500m", cpu_limit="2")
    .environment({"A": "1", "B": "2"})
    .port(8080)
    .security_context(run_as_non_root=False)
    .add_validator(Check())
)
"""


def marked(line: str, mark: str) -> str:
    """Return the app with a mark under one of its lines."""
    assert line in APP
    return APP.replace(f"{line}\n", f"{line}\n{mark}\n")


IMAGE = marked(
    '    .image("ghcr.io/acme/web:1.4")', "#          ^^^^^^^^^^^^^^^^^^^^^^ failed-validation"
)
NAME = marked('app = (App("web")', "#          ^^^^^ failed-validation")
CONSTRUCTOR = marked('app = (App("web")', "#      ^^^^^^^^^^ failed-validation")
LABELS = marked(
    '    .labels({"team": "shop", "env": "prod"})',
    "#    " + "^" * 39 + " failed-validation",
)
ENV = marked(
    '    .labels({"team": "shop", "env": "prod"})',
    "#                                   ^^^^^^ failed-validation",
)
TEAM = marked(
    '    .labels({"team": "shop", "env": "prod"})', "#                    ^^^^^^ failed-validation"
)
LIMIT = marked(
    '    .resources(cpu="500m", cpu_limit="2")',
    "#                                    ^^^ failed-validation",
)
RESOURCES = marked(
    '    .resources(cpu="500m", cpu_limit="2")',
    "#    " + "^" * 36 + " failed-validation",
)
SECURE = marked(
    "    .security_context(run_as_non_root=False)",
    "#                                     ^^^^^ failed-validation",
)
PORT = marked("    .port(8080)", "#         ^^^^ failed-validation")
VARIABLE = marked(
    '    .environment({"A": "1", "B": "2"})',
    "#                                ^^^ failed-validation",
)


@pytest.mark.parametrize(
    ("body", "app"),
    [
        pytest.param("app.image\nraise ValidationError('no')", IMAGE, id="the value read"),
        pytest.param("app.image; app.name\nraise ValidationError('no')", NAME, id="read last"),
        pytest.param(
            "app.name; app.image\nraise ValidationError('no')", IMAGE, id="read last, too"
        ),
        pytest.param(
            "app.image\nraise ValidationError(f'{app.name} has {app.labels[\"team\"]}')",
            IMAGE,
            id="what only the message reads does not count",
        ),
        pytest.param(
            "app.image\nraise ValidationError(\n    ', '.join(k for k in app.labels)\n)",
            IMAGE,
            id="nor what a generator in the message reads",
        ),
        pytest.param(
            "raise ValidationError(f'no {app.image}')", IMAGE, id="unless nothing else was read"
        ),
        pytest.param("raise ValidationError('no')", CONSTRUCTOR, id="nothing read at all"),
        pytest.param("app.replicas\nraise ValidationError('no')", CONSTRUCTOR, id="never set"),
        pytest.param(
            "app.image\nif app.replicas is None: raise ValidationError('no')",
            CONSTRUCTOR,
            id="never set, read last",
        ),
        pytest.param(
            "if not hasattr(app, 'node'): app.image\nraise ValidationError('no')",
            IMAGE,
            id="something set after what failed",
        ),
        pytest.param(
            "if not hasattr(app, 'node'): raise ValidationError('no')", CONSTRUCTOR, id="hasattr"
        ),
        pytest.param(
            "if app.resources['cpu_limit'] > '1': raise ValidationError('no')", LIMIT, id="item"
        ),
        pytest.param(
            "if app['resources'].get('cpu_limit', '0') > '1': raise ValidationError('no')",
            LIMIT,
            id="get",
        ),
        pytest.param(
            "if 'cpu_limit' in app.resources: raise ValidationError('no')", LIMIT, id="in"
        ),
        pytest.param(
            "if 'gpu' not in app.resources: raise ValidationError('no')", CONSTRUCTOR, id="not in"
        ),
        pytest.param("if len(app.resources) < 4: raise ValidationError('no')", RESOURCES, id="len"),
        pytest.param(
            "given = app.resources\napp.image\nif given: raise ValidationError('no')",
            RESOURCES,
            id="truth",
        ),
        pytest.param(
            "if not getattr(app.security_context, 'run_as_non_root', False):"
            " raise ValidationError('no')",
            SECURE,
            id="getattr with a default",
        ),
        pytest.param(
            "if not getattr(app.security_context, 'privileged', False):"
            " raise ValidationError('no')",
            CONSTRUCTOR,
            id="getattr of what is not set",
        ),
        pytest.param(
            "for key in app.labels:\n    if key == 'team': raise ValidationError('no')",
            TEAM,
            id="iteration, up to here",
        ),
        pytest.param(
            "for key, value in app.labels.items():\n"
            "    if value == 'prod': raise ValidationError('no')",
            ENV,
            id="items",
        ),
        pytest.param(
            "if 'prod' in app.labels.values(): raise ValidationError('no')", ENV, id="values"
        ),
        pytest.param(
            "if {'a'} - set(app.labels.keys()): raise ValidationError('no')", LABELS, id="keys"
        ),
        pytest.param(
            "if 'owner' not in {**app.labels}: raise ValidationError('no')", LABELS, id="all of it"
        ),
        pytest.param("app.environment.B\nraise ValidationError('no')", VARIABLE, id="variable"),
        pytest.param("app.env['B']\nraise ValidationError('no')", VARIABLE, id="the other name"),
        pytest.param("app.port\nraise ValidationError('no')", PORT, id="first port"),
        pytest.param(
            "for port in app.ports:\n    if port.number > 1024: raise ValidationError('no')",
            PORT,
            id="each port",
        ),
        pytest.param("raise ValidationError('no', field='image')", IMAGE, id="field"),
        pytest.param(
            "app.image\nraise ValidationError('no', field='resources.cpu_limit')",
            LIMIT,
            id="field with a part",
        ),
        pytest.param("raise ValidationError('no', field='labels.team')", TEAM, id="label"),
        pytest.param("raise ValidationError('no', field='labels')", LABELS, id="all labels"),
        pytest.param(
            "app.image\nraise ValidationError('no', field='replicas')",
            CONSTRUCTOR,
            id="unset field",
        ),
        pytest.param(
            "raise ValidationError('no', field='labels.owner')", CONSTRUCTOR, id="unset part"
        ),
        pytest.param("raise ValidationError('no', field='imgae')", CONSTRUCTOR, id="no such field"),
    ],
)
def test_an_error_lands_where_the_value_was_set(body, app):
    check(checking(body) + app)


def test_a_label_may_have_dots():
    check(
        checking("raise ValidationError('no', field='labels.example.com/team')")
        + """\
app = App("web").image("a:1").labels({"example.com/team": "a"})
#                                                         ^^^ failed-validation
app.add_validator(Check())
"""
    )


def test_a_helper_raises_where_it_was_asked():
    check(
        """\
class Check(Validator):
    def refuse(self, app, what):
        raise ValidationError(f"{app.name}: {what}")

    def validate_it(self, app):
        if app.image.endswith(":latest"):
            self.refuse(app, "latest")

app = App("web").image("a:latest").add_validator(Check())
#                      ^^^^^^^^^^ failed-validation
""",
        "error: web: latest",
    )
