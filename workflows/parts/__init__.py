"""Parts of the story of an intent."""
