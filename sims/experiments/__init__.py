"""The experiments that claims, figures, the explorer and the commands share."""
