"""Text to model: inventories, playbooks and addons. All input errors end here; nothing is contacted."""
