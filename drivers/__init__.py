"""Bytes to Readings and back; nothing here waits or asks the time."""
