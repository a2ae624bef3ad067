"""The trade without a network: what the market and every gateway must compute alike."""
