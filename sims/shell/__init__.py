"""What the commands share: words and numbers for people, the runner, and the door to the pictures."""
