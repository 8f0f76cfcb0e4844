"""
The dashboard: `streamlit run dashboard.py`.

Run as a page it sets up, asks and shows; imported by the server it adds the map's files
and the content security policy to what Streamlit serves.
"""

from functools import partial

import streamlit as st

from hotspots.app import server

if __name__ == "__main__":
    from dataclasses import replace

    from hotspots.action.roles import may_open
    from hotspots.app import controls, data_store, panels, signing, who
    from hotspots.app.pages import (
        assembly,
        data,
        evidence,
        listening,
        partners,
        patrol,
        records,
        visit,
        when,
        where,
    )
    from hotspots.errors import HotspotsError
    from hotspots.views import wording

    panels.look()
    try:
        reader = who.person()
        if warning := who.only_here():
            st.warning(warning)
        offered = [
            (module, title, path)
            for module, title, path in (
                (where, "Where", ""),
                (when, "When", "when"),
                (patrol, "Patrol", "patrol"),
                (visit, "Visit", "visit"),
                (partners, "Partners", "partners"),
                (assembly, "Assembly", "assembly"),
                (listening, "Listening", "listening"),
                (evidence, "Evidence", "evidence"),
                (data, "Data", "data"),
                (records, "Records", "records"),
            )
            if may_open(reader, path)
        ]
        if offered:
            dataset = data_store.dataset(controls.vintage())
            asked = controls.ask(
                dataset.choices, has_residents=bool(dataset.wards["residents"].notna().any())
            )
            selection = replace(asked, role=reader.key)
            pages = [
                st.Page(
                    partial(module.show, selection),
                    title=title,
                    url_path=path,
                    default=path == offered[0][2],
                )
                for module, title, path in offered
            ]
            page = st.navigation(pages, position="top")
            who.show(reader)
            if wanted := controls.asked_page(pages):
                st.switch_page(wanted)
            panels.banner(dataset)
            # Nothing of a partner's reports is shown before the look at them is noted.
            if signing.may_look(page.title, selection, dataset):
                page.run()
        else:
            who.show(reader)
            who.nothing_here(reader)
    except HotspotsError as error:
        st.error(wording.plain(str(error)), icon=":material/error:")
else:
    app = st.App(__file__, routes=server.routes(), middleware=server.middleware())
