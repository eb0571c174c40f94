"""The kernel: a run, its steps, what they emit, and the only way in which a step touches AWS; it knows no service."""
