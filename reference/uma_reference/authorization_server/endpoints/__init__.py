"""What lives at which address: thin handlers between HTTP and the core."""
