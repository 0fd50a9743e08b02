"""What makes images offline, one generator per file. A generator never touches paths."""
