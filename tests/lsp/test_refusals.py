"""What a preview refuses: said with a remedy that is safe to follow, and logged without noise."""

import logging
import sys
from pathlib import Path

import pytest
from pygls.exceptions import JsonRpcInternalError

from k8sgen_lsp.refusing import not_trusted
from k8sgen_lsp.starting import is_unexpected


@pytest.mark.parametrize("folder", [Path(Path.cwd().anchor), Path.home()], ids=["root", "home"])
def test_nobody_is_told_to_trust_everything(folder):
    assert "k8sgen trust" not in not_trusted(folder).message


def test_a_project_is_trusted_by_its_folder(tmp_path):
    assert not_trusted(tmp_path).message.endswith(f"or run: k8sgen trust {tmp_path}")


@pytest.mark.parametrize(
    ("error", "is_logged"),
    [
        pytest.param(not_trusted(Path("x")), False, id="refusal"),
        pytest.param(JsonRpcInternalError("broken"), True, id="defect"),
        pytest.param(KeyError("broken"), True, id="any other"),
    ],
)
def test_tracebacks_are_logged_of_defects_only(error, is_logged):
    try:
        raise error
    except type(error):
        record = logging.LogRecord("x", logging.ERROR, "", 1, "failed", (), sys.exc_info())

    assert is_unexpected(record) is is_logged
