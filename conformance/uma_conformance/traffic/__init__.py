"""HTTP traffic that others recorded: read, recognised, and freed from secrets before it is kept."""
