"""What docs/fairtown.md claims of Fairtown, measured: `make fairtown` runs all three and writes docs/fairtown/*.csv."""
