"""What a class has once for all: a facet that `hol class` asks for."""
