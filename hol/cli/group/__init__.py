"""`hol class` on the command line: its verbs, and what they show."""
