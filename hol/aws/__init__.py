"""AWS, noun by noun: each module finds, ensures and removes one kind of resource through the kernel."""
