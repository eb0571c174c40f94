"""The kernel: a run, its steps, what they tell, and the only way in which a step touches AWS; it knows no service."""
