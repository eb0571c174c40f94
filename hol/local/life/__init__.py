"""The local AWS as a background process, seen from outside: started, found at its port, stopped, and its files."""
