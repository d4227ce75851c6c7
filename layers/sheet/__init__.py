"""The printed sheet and the atlas: a view and a layout as vector drawings that are true to scale.

`layout` says what a sheet should be; `sheet` draws one, or two maps beside each other; `files` writes it as
PDF, PNG and SVG; `atlas` binds a sheet for each record; `desk` does such work behind, with its progress.
"""
