"""`hol check`: a look at work done by hand, in the words of the console."""
