"""Paper: vector maps, legends and short documents, as PDF and as one self-contained page.

`frame` says which metres lie where on a sheet; `maps` draws them with `symbols`, `labels` and `surround`,
`legend` explains them; `document` holds the blocks of a text, `pdf` and `hypertext` set them.
"""
