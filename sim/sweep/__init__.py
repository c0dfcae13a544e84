"""Many runs: replications, later designs."""
