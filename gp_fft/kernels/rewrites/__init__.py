"""The exact rewrites that shake a program: each keeps the matrix, most raise the cost until it is shared again.

Every rewrite takes the workbench alone, draws what it needs from the stream there, touches the rows that it edits, and
does nothing where it does not apply. ``share`` (see ``share.py``) follows each of them.
"""
