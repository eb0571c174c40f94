"""What the steps cost: facets that `hol up --target aws` and `hol status` ask for."""
