"""The public side of the wall: sees ``PublicDecision`` and ``content/`` only."""
