"""`hol local`: the embedded AWS of this machine, as verbs."""
