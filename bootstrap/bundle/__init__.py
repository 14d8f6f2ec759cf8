"""The air-gap bundle: its format, reading it, verifying it. `make/` builds one."""
