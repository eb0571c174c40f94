"""What `hol check` looks at, a module a step: `grade(lab)` lists its facets, right or wrong, with what mends them."""
