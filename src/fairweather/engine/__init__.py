"""Generate, train, evaluate, and execute one unit; the receipt of what the optimiser consumed."""
