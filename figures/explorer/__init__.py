"""The explorer: theory that redraws while a slider moves, simulation that settles on it, in the browser.

`_knobs` says what can be set and how far. One module for each tab makes a `View` of the settings, `_page` and
`_svg` show it, and `_files` saves it. `app` is the marimo notebook that joins them, and
`python -m figures.explorer` serves it.
"""
