"""The pictures of the showcase, drawn from a seed: one module for each style."""
