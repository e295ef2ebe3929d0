"""The one gate to addresses that strangers wrote. Nothing else of ours opens connections to strangers."""
