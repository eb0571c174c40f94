"""A class: many labs of one roster, in one process, each its own run; what an account lets through is shared by all of them."""
