"""The environment of a run: without what looks like a credential, and without start-up hooks."""

from __future__ import annotations

import re
from collections.abc import Mapping

_CREDENTIAL = re.compile(
    r"(^|_)(TOKEN|SECRETS?|PASSWORD|PASSWD|PASSPHRASE|CREDENTIALS?|AUTH|API_?KEY|ACCESS_?KEY"
    r"|PRIVATE_?KEY)(_|$)|^(AWS|VAULT)_|PASSWORD$|TOKEN$"
    r"|^(KUBECONFIG|SSH_AUTH_SOCK|SSH_AGENT_PID|GPG_AGENT_INFO|NETRC|DATABASE_URL)$",
    re.IGNORECASE,
)
_HOOK = re.compile(r"^(PYTHON|LD_PRELOAD$|DYLD_)")

# What this process hid from the program, for the hint when the program misses it.
HIDDEN: set[str] = set()


def scrubbed(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the variables that a run may see; those of K8s-Gen itself are always among them."""
    return {name: value for name, value in environment.items() if not is_hidden(name)}


def hidden(environment: Mapping[str, str]) -> list[str]:
    """Return the names of the others, for the hint when a program misses one."""
    return sorted(filter(is_hidden, environment))


def is_hidden(name: str) -> bool:
    """Does the variable look like a credential, or change how programs start?"""
    if name.startswith("K8SGEN_"):
        return False
    return bool(_CREDENTIAL.search(name) or _HOOK.search(name))
