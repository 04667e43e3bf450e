"""The figures, one module for each, named by the key of its paper and by what it shows: KEY_what.

A module that begins with an underscore holds what several figures share, and declares none.
"""
