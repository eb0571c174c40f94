"""How fast hol is, measured beside plain boto3 on the same machine in the same minutes: `python -m bench`."""
