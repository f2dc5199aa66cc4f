"""From the model to a Compose project: services, what they are given, and what cannot be said."""
