"""The engine: the labs of a class worked on by AWS Step Functions, with hol packed as a Lambda function; nobody's machine need stay on."""
