"""The core of K8s-Gen, usable without an editor: evaluate files, render, write."""

from __future__ import annotations
