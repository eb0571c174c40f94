"""What `--cli` and `--boto3` print for what is not one call of AWS: `recipe(lab, event)`, a module a step."""
