"""The programme INO Tomsk as figures: what its registers add up to, drawn, ranked and told."""
