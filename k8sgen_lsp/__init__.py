"""The language server of K8s-Gen."""
