"""Which rules judge a project, running them and validators of users, and where findings land."""
