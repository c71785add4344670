"""The approximations: each changes the matrix a little, guided by what the change would do to the error.

An approximation takes the workbench and the sight of the aim (see ``sight.py``), which is up to date; what it leaves is
settled, shared and refitted. It changes nothing where it finds nothing to do.
"""
