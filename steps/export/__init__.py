"""What `hol export` puts after the resources: `after(lab)`, and `ROWS` for what hol has no row for, a module a step."""
