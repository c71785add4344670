"""The primitive sets: every module here defines one as ``SET``."""
