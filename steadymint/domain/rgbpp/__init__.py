"""Issuing fungible tokens by RGB++: cells of CKB that are owned by outputs of Bitcoin. Pure."""
