"""
The dashboard: `streamlit run dashboard.py`.

Run as a page it sets up, asks and shows; imported by the server it adds the map's files
and the content security policy to what Streamlit serves.
"""

from functools import partial

import streamlit as st

from hotspots.app import server

if __name__ == "__main__":
    from hotspots.app import controls, panels, store
    from hotspots.app.pages import assembly, data, evidence, patrol, visit, when, where
    from hotspots.errors import HotspotsError
    from hotspots.views import wording

    panels.look()
    try:
        dataset = store.dataset(controls.vintage())
        selection = controls.ask(
            dataset.choices, has_residents=bool(dataset.wards["residents"].notna().any())
        )
        pages = [
            st.Page(partial(module.show, selection), title=title, url_path=path, default=not path)
            for module, title, path in (
                (where, "Where", ""),
                (when, "When", "when"),
                (patrol, "Patrol", "patrol"),
                (visit, "Visit", "visit"),
                (assembly, "Assembly", "assembly"),
                (evidence, "Evidence", "evidence"),
                (data, "Data", "data"),
            )
        ]
        page = st.navigation(pages, position="top")
        if asked := controls.asked_page(pages):
            st.switch_page(asked)
        panels.banner(dataset)
        page.run()
    except HotspotsError as error:
        st.error(wording.plain(str(error)), icon=":material/error:")
else:
    app = st.App(__file__, routes=server.routes(), middleware=server.middleware())
