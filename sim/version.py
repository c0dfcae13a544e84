"""The program's version, alone, so that whoever names it imports nothing else."""

VERSION = "0.1.0"
