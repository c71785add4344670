"""Schemes compiled: expressions over whole vectors, held as rows of small integers, evaluated, varied and rewritten."""
