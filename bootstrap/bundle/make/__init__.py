"""Makes a bundle from Go modules and Debian packages, for machines that reach nothing else."""
