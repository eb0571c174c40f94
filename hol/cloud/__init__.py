"""How any call is made: the session, one answer looked at, what is waited out, and what an error means; it knows no step."""
