"""Answers of the emulator in AWS's own words and shapes, for each protocol."""
