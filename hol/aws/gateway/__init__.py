"""A REST API of API Gateway: the API itself, what its root resource does, and what of it is live."""
