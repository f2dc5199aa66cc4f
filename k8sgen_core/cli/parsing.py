"""Arguments of the command line; what is wrong with them is said as any other error is."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterable
from typing import NoReturn

from k8sgen_core.cli.failure import Failure

_CHOICE = re.compile(r"argument (?P<name>\S+): invalid choice: '?(?P<given>.*?)'? \(choose from ")
_SHORTER = (
    (re.compile(r"the following arguments are required: (.*)"), r"\1 is missing"),
    (re.compile(r"argument (?:\S+/)?(\S+): expected one argument"), r"\1 needs a value"),
    (
        re.compile(r"argument (?:\S+/)?(\S+): not allowed with argument (?:\S+/)?(\S+)"),
        r"\1 and \2 exclude each other",
    ),
)


class Parser(argparse.ArgumentParser):
    """Raises :class:`Failure` instead of printing the usage and ending the process."""

    def __init__(self, **settings: object) -> None:
        super().__init__(
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
            **settings,  # type: ignore[arg-type]
        )

    def error(self, message: str) -> NoReturn:
        """Say what is wrong, and where to read on."""
        hint = f"{self.prog} --help"
        if found := _CHOICE.match(message):
            name, given = found["name"].rpartition("/")[2], found["given"]
            message = f"{name} cannot be {given!r}"
            if name.isupper():
                message = f"there is no {name.lower()} {given!r}"
            hint = _proposal(given, self._choices(name)) or hint
        for pattern, shorter in _SHORTER:
            message = pattern.sub(shorter, message)
        raise Failure("usage", message, hint) from None

    def unknown(self, given: list[str]) -> NoReturn:
        """Say that an argument means nothing here."""
        option = given[0].partition("=")[0]
        if not option.startswith("-"):
            raise Failure("usage", f"unexpected argument {option!r}", f"{self.prog} --help")
        import difflib  # Most arguments are right.

        near = difflib.get_close_matches(option, self._option_string_actions, 1)
        hint = f"did you mean {near[0]}?" if near else f"{self.prog} --help"
        raise Failure("usage", f"{self.prog} has no option {option}", hint)

    def _choices(self, name: str) -> Iterable[str]:
        for action in self._actions:
            if name in (*action.option_strings, action.metavar):
                return list(map(str, action.choices or ()))
        return ()


def _proposal(given: str, choices: Iterable[str]) -> str | None:
    import difflib  # Most arguments are right.

    known = list(choices)
    near = difflib.get_close_matches(given, known, 1)
    if near:
        return f"did you mean {near[0]!r}?"
    return f"use one of {', '.join(known)}" if known else None
