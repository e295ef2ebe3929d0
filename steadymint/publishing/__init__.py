"""Publishing: we write the metadata documents of collections and of their tokens before the mint."""
