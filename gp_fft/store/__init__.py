"""What is kept: run folders and how they are written, records, what waits for a proof, and how counts stand."""
