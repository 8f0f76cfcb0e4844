"""Files of a plan: added, taken and removed; never opened or shown here."""

from functools import partial
from typing import Final

import streamlit as st

from hotspots.action import attachments, records, tasks
from hotspots.action.attachments import Attachment
from hotspots.action.plan_tables import CLOSED, Plan
from hotspots.app import planning, who
from hotspots.settings import data_folder
from hotspots.views import plan_words, wording

# A browser saves this and never opens it by itself.
_MIME: Final = "application/octet-stream"


def of_plan(plan: Plan) -> None:
    """The files the reader may see, and the form that adds one."""
    held = planning.files(plan)
    with st.expander(f"Files ({len(held)})"):
        for row in held:
            _row(row, plan)
        if plan.status != CLOSED and planning.may("work"):
            _add(plan)
    planning.said("file")


def _row(row: Attachment, plan: Plan) -> None:
    text, take, drop = st.columns([5, 2, 2], vertical_alignment="center")
    text.markdown(wording.plain(plan_words.file(row)))
    if planning.may("take away"):
        take.download_button(
            "Save",
            partial(
                attachments.take,
                records.open_records(data_folder()),
                row.id,
                who=planning.me(),
                outside=who.person().agency,
            ),
            file_name=row.name,
            mime=_MIME,
            on_click="ignore",
            disabled=not planning.me(),
            help="The trail notes who took it." if planning.me() else "Give your name first.",
            key=f"take-file-{row.id}",
            width="stretch",
        )
    own = planning.may("work") and row.added_by == planning.me()
    if plan.status != CLOSED and (planning.may("plan") or own):
        drop.button(
            "Remove",
            on_click=_remove,
            args=(row.id,),
            key=f"drop-file-{row.id}",
            width="stretch",
        )


def _remove(number: int) -> None:
    planning.change(
        "file",
        "Removed; that it was there is kept in the trail. Backups made before still hold it.",
        lambda session: attachments.remove(session, number, who=planning.me()),
        action="work",
    )


def _add(plan: Plan) -> None:
    names = tasks.numbers([task for task in plan.tasks if planning.own(task.agency)])
    alone = not planning.sees_data()
    with st.form(f"file-{plan.id}", border=False, clear_on_submit=True):
        given = st.file_uploader(
            "Add a file",
            max_upload_size=attachments.LARGEST // 1_000_000,
            key=f"upload-{plan.id}",
        )
        task = st.selectbox(
            "Of task",
            list(names),
            index=0 if alone and names else None,
            format_func=names.__getitem__,
            placeholder="The plan as a whole",
        )
        st.caption(plan_words.FILES)
        if st.form_submit_button("Add this file"):
            if given is None:
                planning.refuse("file", "Choose a file first.")
            elif alone and task is None:
                planning.refuse("file", "Say which of your tasks it belongs to.")
            else:
                content, name = given.getvalue(), given.name
                planning.change(
                    "file",
                    "The file is added.",
                    lambda session: attachments.add(
                        session, plan.id, content, name=name, who=planning.me(), task=task
                    ),
                    action="work",
                )
            st.rerun()
