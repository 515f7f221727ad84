"""What the workers do for consent: ids in, one service call."""
