"""The main job as a front end and a wallet would do it: over HTTP and JSON-RPC, knowing nothing of our inside."""
