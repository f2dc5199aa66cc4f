"""Kubernetes objects: lowering from the model, schemas of each version, merging of patches."""
