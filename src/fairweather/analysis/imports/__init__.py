"""Tables of results that others made: read, recognised, named."""
