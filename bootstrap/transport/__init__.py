"""Moves text and bytes to one host and back; knows no fact, no step and no inventory."""
