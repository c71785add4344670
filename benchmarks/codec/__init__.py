"""A small image codec: what an approximate transform costs where it is used.

Blocks of 8x8 points, the luminance table of JPEG, the entropy of JPEG's symbols; transforms are compared at equal rate.
"""
