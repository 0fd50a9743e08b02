"""Tables, gains, intervals and findings. No torch."""
