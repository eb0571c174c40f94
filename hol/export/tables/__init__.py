"""The tables: what each tool calls what the calls make."""
