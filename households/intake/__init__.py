"""Reading household sheets as offices really have them. Pure: no Django, no writes.

``values`` turns one cell into a ``Value``; nothing is corrected silently: a guess is a ``suggestion``.
"""
