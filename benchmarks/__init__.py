"""Speed, measured side by side with a peer in one run and told as a ratio; never a timed test."""
