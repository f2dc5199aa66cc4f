"""One module per editor feature; each offers ``register(server)``."""

import k8sgen_lsp.features.comparing as _comparing
import k8sgen_lsp.features.completion as _completion
import k8sgen_lsp.features.diagnostics as _diagnostics
import k8sgen_lsp.features.generating as _generating
import k8sgen_lsp.features.hover as _hover
import k8sgen_lsp.features.origins as _origins
import k8sgen_lsp.features.preview as _preview
import k8sgen_lsp.features.resources as _resources
import k8sgen_lsp.features.session as _session
import k8sgen_lsp.features.signature_help as _signature_help
import k8sgen_lsp.features.trust as _trust
import k8sgen_lsp.features.validating as _validating
import k8sgen_lsp.features.worker as _worker
import k8sgen_lsp.features.workspace as _workspace

FEATURES = (
    _session,
    _trust,
    _diagnostics,
    _preview,
    _worker,
    _completion,
    _hover,
    _signature_help,
    _origins,
    _resources,
    _comparing,
    _generating,
    _validating,
    _workspace,
)
