"""Everybody of a class signs in himself: as what, what he may do, and the page that says so."""
