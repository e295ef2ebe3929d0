"""What activities are given: the product's stores and chains behind the Protocols that the activities name."""
