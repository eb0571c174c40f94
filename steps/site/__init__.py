"""What is true of this lab only: what its API promises, its site, and the guide's own tests."""
