"""How a terminal is drawn on, what a run sums up to, and how a program reads it."""
