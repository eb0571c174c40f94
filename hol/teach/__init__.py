"""hol as a teacher: the guide, what each click calls, a look at what was done by hand, and taking it over."""
