"""How fast the market answers, beside a bare Flask page on the same server: `python -m bench`.

Absolute figures belong to one machine on one day; the ratio to the bare page, measured in the same
minutes, is what can be compared. Every answer is checked, so that only right ones count.
"""
