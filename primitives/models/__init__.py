"""The cost models: every module here defines one as ``MODEL``."""
