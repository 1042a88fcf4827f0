"""The local review page: one reviewer, one machine, nothing beyond the loopback."""
