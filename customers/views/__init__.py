"""The pages of the master, one module per subject."""
