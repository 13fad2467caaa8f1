"""How the market is started and kept running on one machine."""
