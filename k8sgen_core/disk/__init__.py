"""The disk session: the only code that writes, a whole output folder or nothing of it."""
