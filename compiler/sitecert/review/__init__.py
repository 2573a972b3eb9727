"""Two states of a repository -> what changes between them, for whom, and how risky that is. Pure."""
