"""Scripts that measure: operation counts and speed against the reference and against peers."""
