"""Fills of other markets: each file reads the logs of one market. `docs/market.md` says what each log leaves out."""
