"""Where to build: criteria and limits on a grid, how suitable places are, sites and what speaks for them."""
