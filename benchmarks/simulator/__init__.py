"""Simulated viewers (`bot/simulator`) talk to the trained assistant. `make bench-simulator`"""
