"""One module per editor feature; each offers ``register(server)``."""

from k8sgen_lsp.features import completion, diagnostics, hover, preview, session, trust, worker

FEATURES = (session, trust, diagnostics, preview, worker, completion, hover)
