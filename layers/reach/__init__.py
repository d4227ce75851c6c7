"""Roads and reach: networks, scenarios and what they change, as layers, figures and sentences.

Computes with `geo`; what it makes is shown, filtered, exported and linked like everything else.
"""
