"""hol: a hands-on lab of the AWS console as idempotent commands."""

__version__ = "0.1.0"
