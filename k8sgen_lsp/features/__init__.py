"""One module per editor feature; each offers ``register(server)``."""

import k8sgen_lsp.features.ahead as _ahead
import k8sgen_lsp.features.code_actions as _code_actions
import k8sgen_lsp.features.code_lens as _code_lens
import k8sgen_lsp.features.comparing as _comparing
import k8sgen_lsp.features.completion as _completion
import k8sgen_lsp.features.definition as _definition
import k8sgen_lsp.features.diagnostics as _diagnostics
import k8sgen_lsp.features.folding as _folding
import k8sgen_lsp.features.generating as _generating
import k8sgen_lsp.features.hover as _hover
import k8sgen_lsp.features.inlay_hints as _inlay_hints
import k8sgen_lsp.features.links as _links
import k8sgen_lsp.features.origins as _origins
import k8sgen_lsp.features.preview as _preview
import k8sgen_lsp.features.references as _references
import k8sgen_lsp.features.rename as _rename
import k8sgen_lsp.features.resources as _resources
import k8sgen_lsp.features.semantic_tokens as _semantic_tokens
import k8sgen_lsp.features.session as _session
import k8sgen_lsp.features.signature_help as _signature_help
import k8sgen_lsp.features.static_checks as _static_checks
import k8sgen_lsp.features.symbols as _symbols
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
    *(_symbols, _definition, _references, _rename, _static_checks, _code_actions),
    _ahead,
    *(_folding, _links, _semantic_tokens, _inlay_hints, _code_lens),
)
