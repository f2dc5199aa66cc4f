"""What can be said of a file without running it."""
