"""The embedded local AWS: an ASGI layer around an emulator, on one loopback port.

It adds what the emulator lacks, so that the lab fails here the way it fails on AWS. Nothing outside this
folder, the configuration and the command line knows that it exists.
"""
