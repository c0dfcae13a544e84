"""The smallest whole example: a scenario, its community and its track, for a first start and for compiling the kernels."""
