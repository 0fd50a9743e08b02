"""One small file per verb; nobody imports it."""
