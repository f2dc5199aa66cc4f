"""What can be written at a place, by the kind of place it is."""
