"""The lab: disposable systemd hosts on this machine. A client of nothing in the product but the inventory format."""
