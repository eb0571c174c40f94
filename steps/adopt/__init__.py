"""What `hol adopt` takes over, a module a step: `adopt(lab)`."""
