"""The demo: it does the main job like a front end and a wallet, over HTTP and JSON-RPC only."""
