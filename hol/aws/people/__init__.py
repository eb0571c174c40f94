"""What IAM has for people: a role that somebody assumes, a user with a password, and the policies of both."""
