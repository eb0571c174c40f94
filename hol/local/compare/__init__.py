"""A record of real calls held against the local AWS: replayed, compared, every difference named."""
