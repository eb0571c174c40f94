"""config.yaml, and what else is read from and written to this machine's disk."""
