"""The one gate to addresses that strangers wrote. No other code of ours connects to strangers."""
