"""Step Functions: state machines, and the executions of them."""
