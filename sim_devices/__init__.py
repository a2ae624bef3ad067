"""Simulated devices: physics behind the protocols that their real siblings speak."""
