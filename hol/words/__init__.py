"""What hol says, in both languages: sentences, errors, the commands that it prints, and what may be shown."""
