"""Runs DSL files in a process of their own, for the command line and the editor alike."""
