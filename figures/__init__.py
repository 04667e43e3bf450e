"""What it looks like: one module per figure, `draw(data) -> Figure`, one style."""
