"""
The registry of ids: what each finding means, and what to do about it.

An id reads after "allow ...". `k8sgen explain ID` and the documentation are made of it.
"""

from __future__ import annotations

from dataclasses import dataclass

from k8sgen_core.findings import Severity


@dataclass(frozen=True, slots=True)
class Rule:
    """An id that a finding can have: what it means and what to do about it."""

    id: str
    severity: Severity
    summary: str
    why: str
    remedy: str
    example: str = ""


RULES: dict[str, Rule] = {}


def _register(*rules: Rule) -> None:
    for rule in rules:
        if rule.id in RULES:
            raise ValueError(f"two rules have the id {rule.id!r}")
        RULES[rule.id] = rule


_register(
    Rule(
        "syntax-error",
        "error",
        "The file is not valid Python.",
        "Nothing in it can run, so nothing can be said of what it deploys.",
        "Correct the syntax at the place shown; the last good preview stays, marked stale.",
        'App("web"',
    ),
    Rule(
        "import-error",
        "error",
        "An import failed.",
        "The module is not installed for this interpreter, or raised while it was imported.",
        "Install it beside k8s-gen, or correct the name; `k8sgen doctor` shows the interpreter.",
        "import not_installed",
    ),
    Rule(
        "uncaught-exception",
        "error",
        "The file raised an exception.",
        "It ended before it had described everything, so its output would be incomplete.",
        "Correct the line shown; related places are the calls that led to it.",
        "1 / 0",
    ),
    Rule(
        "evaluation-timeout",
        "error",
        "The file did not end in time.",
        "A description must be quick to evaluate: it runs on every save and in CI.",
        "Look for an endless loop at the place shown, or raise `evaluate.timeout`.",
        "while True: pass",
    ),
    Rule(
        "memory-limit",
        "error",
        "The file needs more memory than it may use.",
        "One file must not take the machine of everybody who opens it.",
        "Build less at the place shown, or raise `evaluate.memory`.",
        '"x" * 10**11',
    ),
    Rule(
        "recursion-limit",
        "error",
        "The file recurses without an end.",
        "Python stopped it at its recursion limit.",
        "Give the function shown a case in which it does not call itself.",
        "def f(): return f()",
    ),
    Rule(
        "process-exit",
        "error",
        "The file ended the process.",
        "A description that exits is cut short: what comes after is not deployed.",
        "Raise an exception that says what is wrong instead of exiting.",
        "sys.exit(1)",
    ),
    Rule(
        "side-effect",
        "error",
        "The file does something besides describing: it starts a process, opens a connection, "
        "or changes files.",
        "It is evaluated on every save, so what it does would happen on every save.",
        "Move it out of the file, or name it in `evaluate.allow`.",
        'subprocess.run(["kubectl", "get", "pods"])',
    ),
    Rule(
        "thread-left-running",
        "warning",
        "A thread was still running when the file ended.",
        "It is stopped, and what it would have described is not deployed.",
        "Join the thread before the file ends.",
        "threading.Thread(target=build).start()",
    ),
    Rule(
        "reads-input",
        "error",
        "The file reads from standard input.",
        "Nobody is there to answer: it runs in an editor and in CI.",
        "Read a file or an environment variable instead.",
        'App(input("name? "))',
    ),
    Rule(
        "too-much-output",
        "warning",
        "The file prints more than is kept.",
        "Only the beginning of it is shown.",
        "Print less; a description needs no output.",
        "while True: print('x')",
    ),
    Rule(
        "too-many-objects",
        "error",
        "The file describes more objects than the limit.",
        "Nearly always a loop that does not end where it should.",
        "Look at the loop at the place shown, or raise `evaluate.objects`.",
    ),
    Rule(
        "wrong-type",
        "error",
        "An argument is of the wrong type.",
        "A value of another type cannot mean what the field needs.",
        "Pass a value of the type that the message names.",
        'App("web").replicas("3")',
    ),
    Rule(
        "invalid-value",
        "error",
        "An argument is none of the values that the field can have.",
        "Kubernetes would refuse the object.",
        "Use one of the values that the message names.",
        'Job("j").concurrency_policy("Never")',
    ),
    Rule(
        "unknown-setting",
        "error",
        "There is no such method or argument.",
        "It would have no effect.",
        "Use the name that the hint proposes.",
        'App("web").replica(3)',
    ),
    Rule(
        "method-as-value",
        "error",
        "A method was used where its value was meant.",
        "`app.image` is the method that sets the image.",
        "Read values with `.build()`: `app.build().image`.",
        'f"{app.image}"',
    ),
    Rule(
        "invalid-quantity",
        "error",
        "Not a Kubernetes quantity.",
        "Kubernetes would refuse the object.",
        "cpu: `500m`, `2`; memory and storage: `512Mi`, `10Gi`.",
        'App("web").resources(memory="512MB")',
    ),
    Rule(
        "invalid-duration",
        "error",
        "Not a duration.",
        "The unit decides whether something waits a second or an hour.",
        "Whole seconds, or a text with units: `90s`, `6h`, `1h30m`.",
        'Job("j").timeout("soon")',
    ),
    Rule(
        "invalid-cron",
        "error",
        "Not a schedule that Kubernetes understands.",
        "The CronJob controller would never run it.",
        "Five fields: minute, hour, day of month, month, day of week: `0 2 * * *`.",
        'CronJob("c").schedule("61 * * * *")',
    ),
    Rule(
        "invalid-time-zone",
        "error",
        "Not an IANA time zone.",
        "The CronJob controller would never run it.",
        "A name such as `Europe/Zurich` or `Etc/UTC`.",
        'CronJob("c").timezone("CET+1")',
    ),
    Rule(
        "invalid-port",
        "error",
        "Not a port number.",
        "Ports are whole numbers from 1 to 65535.",
        "Use a number in that range.",
        'App("web").port(99999)',
    ),
    Rule(
        "invalid-port-name",
        "error",
        "Not a name that a port can have.",
        "Kubernetes allows at most 15 lower-case letters, digits and single dashes.",
        "Shorten the name or replace what it may not contain.",
        'App("web").port(80, name="Web_Port")',
    ),
    Rule(
        "invalid-image",
        "error",
        "Not an image reference.",
        "No container runtime could pull it.",
        "`[registry/]repository[:tag][@digest]`, in lower case.",
        'App("web").image("Nginx Latest")',
    ),
    Rule(
        "invalid-name",
        "error",
        "Not a name that the object can have.",
        "Kubernetes would refuse the object.",
        "Lower-case letters, digits and dashes, as the message says.",
        'App("Web_App!")',
    ),
    Rule(
        "invalid-label",
        "error",
        "Not a label.",
        "Kubernetes would refuse the object, and selectors could not match it.",
        "At most 63 letters, digits, `-`, `_`, `.`; the key may have a DNS prefix and `/`.",
        'App("web").labels({"team": "a b"})',
    ),
    Rule(
        "invalid-annotation",
        "error",
        "Not an annotation.",
        "Kubernetes would refuse the object.",
        "The key follows the rules of label keys; the value is text.",
    ),
    Rule(
        "invalid-key",
        "error",
        "Not a key that the data of a ConfigMap or Secret, or an environment, can have.",
        "Kubernetes would refuse the object.",
        "Letters, digits, `-`, `_` and `.`.",
        'ConfigMap("c").add("a b", "1")',
    ),
    Rule(
        "invalid-host",
        "error",
        "Not a host name.",
        "No rule of an Ingress or HTTPRoute could match it.",
        "A DNS name in lower case, `*.` in front at most.",
        'App("web").port(80).expose("https://example.com")',
    ),
    Rule(
        "invalid-path",
        "error",
        "Not a path that the field can have.",
        "Mount paths and HTTP paths are absolute.",
        "Start it with `/`.",
        'App("web").port(80).health_checks(readiness_probe="health")',
    ),
    Rule(
        "unreadable-file",
        "error",
        "A file that the description names cannot be read.",
        "What it would add is missing.",
        "Relative paths start at the project root.",
        'ConfigMap("c").from_file("app.conf", "missing.conf")',
    ),
    Rule(
        "invalid-manifest",
        "error",
        "A manifest is not a Kubernetes object.",
        "It has no `apiVersion`, `kind` or `metadata.name`, or is not valid YAML.",
        "Correct the file at the place that the message names.",
    ),
    Rule(
        "missing-image",
        "error",
        "A container has no image.",
        "Kubernetes would refuse the pod.",
        "Call `.image(...)`.",
        'App("web").port(80)',
    ),
    Rule(
        "missing-port",
        "error",
        "Something needs a port, and none is declared.",
        "A probe, an Ingress or a Service cannot reach a container without a port.",
        "Call `.port(...)`.",
        'App("web").image("nginx:1.27").expose("example.com")',
    ),
    Rule(
        "missing-setting",
        "error",
        "An object lacks something that it cannot be without.",
        "Kubernetes would refuse it.",
        "Make the call that the hint names.",
        'CronJob("c").image("busybox:1.36")',
    ),
    Rule(
        "conflicting-settings",
        "error",
        "Two settings exclude each other.",
        "Kubernetes would refuse the object, or one of them would have no effect.",
        "Remove one of them.",
    ),
    Rule(
        "duplicate-port",
        "error",
        "Two ports have the same name, or the same number and protocol.",
        "Kubernetes would refuse the Service.",
        "Give one of them another name or remove it.",
        'App("web").port(80, name="http").port(8080, name="http")',
    ),
    Rule(
        "duplicate-object",
        "error",
        "Two objects have the same kind, namespace and name.",
        "Applied to a cluster, one would overwrite the other.",
        "Rename one of them, or put it into another namespace.",
        'App("web"); App("web")',
    ),
    Rule(
        "dangling-reference",
        "warning",
        "A call names a resource that the project does not describe.",
        "The name may be wrong, or the resource lives elsewhere.",
        "Correct the name, or describe the resource.",
        'App("web").depends_on("databse")',
    ),
    Rule(
        "setting-not-supported",
        "warning",
        "The chosen format or target version cannot say this.",
        "It would be lost without a word.",
        "Remove the call, or choose another format or version.",
    ),
    Rule(
        "schema-violation",
        "error",
        "An object does not fit the schema of the target version.",
        "The API server would refuse it, or drop the field.",
        "Correct the field that the message names.",
        'App("web").image("nginx:1.27").override({"spec": {"replicaz": 2}})',
    ),
    Rule(
        "removed-api",
        "error",
        "The target version does not serve this API version.",
        "The API server would answer that it does not know the kind.",
        "Use the API version that the hint names.",
    ),
    Rule(
        "schema-not-found",
        "info",
        "There is no schema for this kind, so its fields are not checked.",
        "Custom resources are described by their own definitions.",
        "Nothing to do if the kind is right.",
    ),
    Rule(
        "invalid-override",
        "error",
        "An override cannot be applied.",
        "It names a kind that the resource does not have, or a patch that does not fit it.",
        "Name one of the kinds in the message.",
    ),
    Rule(
        "output-path-conflict",
        "error",
        "Two things would be written to one path.",
        "One would overwrite the other.",
        "Give them different folders.",
    ),
    Rule(
        "foreign-file",
        "error",
        "A file in the output folder was not written by K8s-Gen for this source.",
        "Overwriting it could lose somebody's work.",
        "Choose another folder, or use `--force`.",
    ),
    Rule(
        "secret-not-stored",
        "error",
        "A generated secret has no stored value, and this is CI.",
        "A new password would be made in a checkout that is thrown away.",
        "Generate it where the store is kept, or set K8SGEN_SECRETS=placeholder.",
    ),
    Rule(
        "secret-created",
        "info",
        "A new secret value was made and stored.",
        "This checkout had no value for it.",
        "Keep `.k8sgen/secrets.json`, it is not committed.",
    ),
    Rule(
        "unknown-environment",
        "error",
        "No resource has settings for this environment.",
        "The name is probably misspelt, and the base would be deployed instead.",
        "Use one of the environments in the message.",
    ),
    Rule(
        "no-resources",
        "warning",
        "The file describes nothing.",
        "Nothing will be generated.",
        "Create a builder, for example `App(...)`.",
    ),
    Rule(
        "generation-failed",
        "error",
        "The product itself failed on this description.",
        "This is a defect of K8s-Gen.",
        "Report it with the traceback.",
    ),
    Rule(
        "configuration",
        "error",
        "The configuration is not valid.",
        "What it was meant to say is not known.",
        "Correct the key that the message names.",
    ),
)
