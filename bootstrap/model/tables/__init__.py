"""What ages: ports, API versions, containerd's config layouts; each with its source and the date it was checked."""
