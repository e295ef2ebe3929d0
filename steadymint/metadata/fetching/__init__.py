"""Reading addresses that strangers wrote: token URIs and what the documents behind them point at."""
