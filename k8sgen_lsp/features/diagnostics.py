"""``textDocument/publishDiagnostics``: what evaluating the DSL files found, where it was written."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from pathlib import Path

from lsprotocol import types

from k8sgen_core.config import Config, ConfigurationError, load, project_root
from k8sgen_lsp.convert import diagnostic_of, path_of
from k8sgen_lsp.evaluations import Evaluation, Subject, Text
from k8sgen_lsp.server import K8sGenServer
