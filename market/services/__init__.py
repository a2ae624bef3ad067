"""The reference Open-Elecbay market: decisions that wait for nothing, and one host that carries them over the broker."""
