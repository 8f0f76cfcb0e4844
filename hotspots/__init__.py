"""
Antisocial behaviour hotspots, from a recorded incident to a measured outcome.

Files from outside become validated tables (`sources`), which a `library` keeps by
source and month. `analysis` turns tables into hotspots and named measures, without
files and without a screen. `study` joins the two for one `Selection`, and the pages
(`app`), the command line (`__main__`) and Python all ask it, so that they agree.
"""

__version__ = "0.1.0"
