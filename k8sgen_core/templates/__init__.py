"""Templates: Jinja files that lay out objects, rendered so that no value becomes syntax."""
