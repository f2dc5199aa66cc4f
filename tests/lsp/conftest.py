import os
import sys
from pathlib import Path

import pytest
import pytest_lsp
from lsprotocol import types
from pytest_lsp import ClientServerConfig, LanguageClient, client_capabilities

from tests.lsp.editor import Editor

# Files here are about other things than good practice.
FEW_RULES = '[tool.k8sgen]\nselect = ["latest-tag"]\n'
# -P, as a workspace must not be able to bring modules of the server's with it.
SERVER = [sys.executable, "-P", "-m", "k8sgen_lsp"]


@pytest.fixture(scope="session")
def folders(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Return a folder that is trusted from the start, and one that is not."""
    trusted, untrusted = (tmp_path_factory.mktemp(each) for each in ("trusted", "untrusted"))
    for folder in (trusted, untrusted):
        (folder / "pyproject.toml").write_text(FEW_RULES, encoding="utf-8")
    return trusted, untrusted


@pytest_lsp.fixture(
    scope="session",
    params=[("visual-studio-code", "utf-16"), ("neovim", "utf-8")],
    ids=["code-utf16", "neovim-utf8"],
    config=ClientServerConfig(
        server_command=SERVER,
        # Nothing can be kept in what is no folder.
        server_env={
            **os.environ,
            "K8SGEN_CONFIG_HOME": "/nonexistent",
            "K8SGEN_CACHE_HOME": os.path.abspath(os.devnull),
        },
    ),
)
async def client(request, lsp_client: LanguageClient, folders):
    name, unit = request.param
    trusted, untrusted = folders
    capabilities = client_capabilities(name)
    general = capabilities.general or types.GeneralClientCapabilities()
    general.position_encodings = [types.PositionEncodingKind(unit)]
    capabilities.general = general
    await lsp_client.initialize_session(
        types.InitializeParams(
            capabilities=capabilities,
            initialization_options={"trusted": [str(trusted)]},
            workspace_folders=[types.WorkspaceFolder(trusted.as_uri(), "trusted")],
        )
    )
    for refreshed in (types.WORKSPACE_CODE_LENS_REFRESH, types.WORKSPACE_INLAY_HINT_REFRESH):
        lsp_client.feature(refreshed)(lambda *_: None)
    lsp_client.feature(types.CLIENT_REGISTER_CAPABILITY)(lambda params: None)
    lsp_client.editor = Editor(lsp_client, trusted, untrusted, unit)

    yield

    await lsp_client.shutdown_session()


@pytest.fixture
def editor(client) -> Editor:
    return client.editor
