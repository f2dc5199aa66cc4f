"""What can be written inside the brackets of a call: names of arguments, and their values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from k8sgen_lsp.completing.offer import Offer, Sort
from k8sgen_lsp.completing.values import Known, Value, values_of
from k8sgen_lsp.static.active import Active
from k8sgen_lsp.static.names import Reader
from k8sgen_lsp.static.pieces import Quoted

# Settings that a method takes as keyword arguments of any name, and the constants that list them.
_LISTED = {
    "security_context": (
        "k8sgen_core.builders.container",
        ("_POD_SECURITY", "CONTAINER_SECURITY"),
    ),
}


def arguments_of(reader: Reader, active: Active, offset: int, beside: Known) -> Iterator[Offer]:
    """Yield the values of the argument at a place, and the names of those not given yet."""
    for value in values_of(reader, active, beside):
        yield _written(value)
    begun = reader.layout.code[active.start : offset].strip()
    if active.keyword is None and not active.nested and (not begun or begun.isidentifier()):
        yield from _keywords(reader, active, beside)


def texts_of(reader: Reader, active: Active, quoted: Quoted, beside: Known) -> Iterator[Offer]:
    """Yield the values for the text that the cursor is in."""
    for value in values_of(reader, active, beside):
        if value.is_text or not (active.parameter and active.parameter.annotation == "int"):
            yield Offer(
                value.text, Sort.VALUE, value.detail, f"{value.rank}",
                inserted=value.text, start=quoted.start + len(quoted.mark), end=quoted.end,
            )  # fmt: skip


def _written(value: Value) -> Offer:
    text = f'"{value.text}"' if value.is_text else value.text
    sort = Sort.VALUE if value.is_text else Sort.CONSTANT
    return Offer(text, sort, value.detail, f"{value.rank}", inserted=text)


def _keywords(reader: Reader, active: Active, beside: Known) -> Iterator[Offer]:
    given = active.given
    positions = sum(isinstance(each, int) for each in given)
    for index, each in enumerate(active.callee.parameters):
        is_free = each.name not in given and (index >= positions or each.only == "name")
        if not each.kind and each.only != "position" and is_free:
            required = each.default is None
            yield Offer(
                f"{each.name}=",
                Sort.VARIABLE,
                str(each),
                f"{6 if required else 7}{index:02}",
                data=_data(active, each.name),
            )
    for name, detail in _settings(reader, active, beside).items():
        if name not in given:
            yield Offer(f"{name}=", Sort.VARIABLE, detail, f"7{name}")


def _data(active: Active, argument: str) -> dict[str, str] | None:
    """Return what the documentation of an argument is found by."""
    callee = active.callee
    if callee.owner is not None:
        return {"class": callee.owner.qualified, "member": callee.name, "argument": argument}
    return {"class": callee.of, "argument": argument} if callee.of else None


def _settings(reader: Reader, active: Active, beside: Known) -> Mapping[str, str]:
    """Return what a method takes as keyword arguments of any name."""
    if active.callee.name == "use_template":
        start, end = active.given.get(0, active.given.get("name", (0, 0)))
        return beside.variables(reader.layout.text[start:end].strip().strip("\"'"))
    module_name, constants = _LISTED.get(active.callee.name, ("", ()))
    module = reader.catalogue.module(module_name) if active.callee.owner else None
    found = (module.constants.get(each, ()) for each in constants) if module else ()
    return {choice.strip("\"'"): "" for choices in found for choice in choices}
