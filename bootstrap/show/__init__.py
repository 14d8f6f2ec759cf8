"""What people and programs see: text, live table, JSON. Listens to events; knows no host and no step's insides."""
