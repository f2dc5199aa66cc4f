"""
The settings of the server: a client sends them when it starts, and when its user changes them.

They are the user's, not a project's: a client must not let a workspace set them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

SECTION = "k8sgen"


@dataclass(frozen=True, slots=True)
class Setting:
    """One thing that can be set; without ``choices`` it is any text, or nothing."""

    name: str
    default: str | None
    choices: tuple[str, ...]
    description: str


SETTINGS = (
    Setting(
        "interpreter",
        None,
        (),
        "The Python that evaluates DSL files: an absolute path, not inside an untrusted folder. "
        "Unset means the first of `VIRTUAL_ENV`, the project's `.venv` and the server's own that "
        "has a compatible k8s-gen.",
    ),
    Setting(
        "diagnostics.evaluate",
        "save",
        ("save", "change", "never"),
        "When files of trusted folders are evaluated for diagnostics: when they are opened and "
        "saved, also while they are edited, or never.",
    ),
    Setting(
        "completion.python",
        "dsl",
        ("dsl", "full"),
        "Whether completion offers only what is of the DSL, which another Python server leaves "
        "to this one, or everything.",
    ),
)
_BY_NAME = {each.name: each for each in SETTINGS}


@dataclass(frozen=True, slots=True)
class Settings:
    """What is set, by name, and what is wrong with what the client sent."""

    values: Mapping[str, str | None]
    problems: tuple[str, ...] = ()

    def __getitem__(self, name: str) -> str | None:
        return self.values[name]


@dataclass(slots=True)
class _Reading:
    values: dict[str, str | None] = field(
        default_factory=lambda: {each.name: each.default for each in SETTINGS}
    )
    problems: list[str] = field(default_factory=list)

    def take(self, name: str, value: Any) -> None:
        if isinstance(value, dict):
            for inner, each in value.items():
                self.take(f"{name}.{inner}" if name else inner, each)
        elif (setting := _BY_NAME.get(name)) is not None:
            self.set(setting, value)

    def set(self, setting: Setting, value: Any) -> None:
        if value is None or value == "":
            return
        if not isinstance(value, str) or (setting.choices and value not in setting.choices):
            wanted = f"one of {', '.join(setting.choices)}" if setting.choices else "a text"
            self.problems.append(f"{SECTION}.{setting.name} is {value!r}: it must be {wanted}")
        else:
            self.values[setting.name] = value


def read(sent: Any) -> Settings:
    """Return the settings in what a client sent: nested or with dots, below ``k8sgen`` or not."""
    reading = _Reading()
    inner = sent.get(SECTION, sent) if isinstance(sent, dict) else {}
    reading.take("", inner if isinstance(inner, dict) else {})
    return Settings(reading.values, tuple(reading.problems))


DEFAULTS = read({})


def documentation() -> str:
    """Return the table of the manual."""
    rows = [
        f"| `{each.name}` | {_default(each)} | {_choices(each)} | {each.description} |"
        for each in SETTINGS
    ]
    return "\n".join(
        ["| Setting | Default | Values | Meaning |", "| --- | --- | --- | --- |", *rows]
    )


def _default(setting: Setting) -> str:
    return "" if setting.default is None else f'`"{setting.default}"`'


def _choices(setting: Setting) -> str:
    return ", ".join(f'`"{each}"`' for each in setting.choices) or "text"
