"""Readers of the files that the sinks of rxephys write."""
