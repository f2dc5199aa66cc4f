"""YAML as Kubernetes reads it: the loader, positions on demand, and the emitter."""
