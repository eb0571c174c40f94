"""Mapping templates (VTL) as API Gateway understands them."""
