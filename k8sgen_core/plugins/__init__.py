"""Plugins: builders of users' own, loaded like the built-in ones."""
