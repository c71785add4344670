"""The mutations: each may change the matrix, and is followed by a refit of the outputs that it can have helped.

A mutation takes the workbench and a row that needs help; it returns the row that it changed, or -1 for none.
"""
