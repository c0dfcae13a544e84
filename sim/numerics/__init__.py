"""Kernels that two parts share."""
