"""The server itself: who may ask what, how much, and which layer answers."""
