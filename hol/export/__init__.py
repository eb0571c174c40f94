"""`hol export`: the lab as Terraform, as CloudFormation, or as a script, from the calls that make it in an empty account."""
