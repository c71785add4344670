"""The search for straight-line programs; :func:`gp_fft.evolve` is its front door."""
