"""Edits that put right what a finding speaks of, or do what is good practice."""
