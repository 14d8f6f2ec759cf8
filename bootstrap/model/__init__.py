"""The values of the house: frozen, printable, comparable. Imports nothing of ours."""
