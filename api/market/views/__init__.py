"""From rows of the market to bodies."""
