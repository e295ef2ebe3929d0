"""The client of asyncio, of which the sync one is made."""
