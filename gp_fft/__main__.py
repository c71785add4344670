"""`python -m gp_fft` is the command `gp-fft`."""

from gp_fft.cli import main

main()
