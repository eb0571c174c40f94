"""`hol export`: which form, where to, and what is said of it."""
