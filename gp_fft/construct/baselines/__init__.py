"""The baselines: every file holds the entries of one idea under the name ``BASELINE``."""
