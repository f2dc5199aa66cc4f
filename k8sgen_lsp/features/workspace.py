"""What happens to the workspace: folders come and go, files change on disk, settings change."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from pathlib import Path

from lsprotocol import types

from k8sgen_lsp.convert import path_of
from k8sgen_lsp.features.diagnostics import check_after, check_all, withdraw
from k8sgen_lsp.server import K8sGenServer
from k8sgen_lsp.settings import read

# What a file comes to depends on these, and on nothing else in the workspace.
WATCHED = ("**/*.py", "**/*.{j2,yaml,yml}", "**/{k8sgen.toml,pyproject.toml,k8sgen.lock}")
_EVERYTHING = types.FileOperationRegistrationOptions(
    [types.FileOperationFilter(types.FileOperationPattern("**/*"), scheme="file")]
)


def register(server: K8sGenServer) -> None:
    """Follow the workspace."""
    _follow_files(server)
    _follow_operations(server)

    @server.feature(types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS)
    def folders(ls: K8sGenServer, params: types.DidChangeWorkspaceFoldersParams) -> None:
        gone = [path_of(each.uri) for each in params.event.removed]
        forget(ls, [path for path in gone if path is not None])

    @server.feature(types.WORKSPACE_DID_CHANGE_CONFIGURATION)
    async def configured(ls: K8sGenServer, params: types.DidChangeConfigurationParams) -> None:
        ls.configure(read(params.settings))
        await check_all(ls, {*ls.texts(), *ls.validated})


def _follow_files(server: K8sGenServer) -> None:
    @server.feature(types.INITIALIZED)
    def initialized(ls: K8sGenServer, _: types.InitializedParams) -> None:
        watch(ls)

    @server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    async def changed(ls: K8sGenServer, params: types.DidChangeWatchedFilesParams) -> None:
        await follow(ls, (each.uri for each in params.changes))


def _follow_operations(server: K8sGenServer) -> None:
    @server.feature(types.WORKSPACE_DID_RENAME_FILES, _EVERYTHING)
    async def renamed(ls: K8sGenServer, params: types.RenameFilesParams) -> None:
        await follow(ls, (uri for each in params.files for uri in (each.old_uri, each.new_uri)))

    @server.feature(types.WORKSPACE_DID_DELETE_FILES, _EVERYTHING)
    async def deleted(ls: K8sGenServer, params: types.DeleteFilesParams) -> None:
        await follow(ls, (each.uri for each in params.files))


def watch(ls: K8sGenServer) -> None:
    """Have the client tell of changes on disk, if it does that; else saving looks for them."""
    workspace = ls.client_capabilities.workspace
    offered = workspace and workspace.did_change_watched_files
    if not offered or not offered.dynamic_registration:
        return
    watchers = [types.FileSystemWatcher(each) for each in WATCHED]
    registration = types.Registration(
        str(uuid.uuid4()),
        types.WORKSPACE_DID_CHANGE_WATCHED_FILES,
        types.DidChangeWatchedFilesRegistrationOptions(watchers),
    )
    ls.protocol.send_request(
        types.CLIENT_REGISTER_CAPABILITY, types.RegistrationParams([registration])
    )


async def follow(ls: K8sGenServer, uris: Iterable[str]) -> None:
    """Take note of files and folders that are other than they were, or not there any more."""
    paths = {path for path in map(path_of, uris) if path is not None}
    forget(ls, [path for path in paths if not path.exists()])
    # Files that nobody asked about concern nobody: other projects change all the time.
    if ls.texts() or ls.validated:
        await check_after(ls, paths)


def forget(ls: K8sGenServer, gone: list[Path]) -> None:
    """Take back what was found in files that are not there, or nobody's concern any more."""
    known = ls.findings.sources() | ls.validated
    for path in known - {*ls.texts()}:
        if any(path.is_relative_to(each) for each in gone):
            withdraw(ls, path)
