"""Every step that a playbook may name: the registry is this explicit list."""
