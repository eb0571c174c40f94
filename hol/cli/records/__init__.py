"""`--record FILE` and `hol local compare FILE`."""
