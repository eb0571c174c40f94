"""What people type and see: the verbs, their options, what each does, and the terminal."""
