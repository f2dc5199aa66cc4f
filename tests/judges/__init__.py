"""Real programs that judge the output, as fixtures."""
