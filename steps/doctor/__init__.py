"""What `hol doctor` looks at, a module a step: `doctor(lab)`, and what needs no account: `without_aws(config, today)`."""
