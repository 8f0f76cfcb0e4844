"""The meeting: what is due, what changed since last time, what is decided, and the minutes."""

from functools import partial

import streamlit as st

from hotspots.action import plans
from hotspots.action.plan_tables import CLOSED, RUNNING, Plan
from hotspots.app import alerts, data_store, panels, planning, store
from hotspots.publish import papers
from hotspots.publish.minutes import minutes
from hotspots.publish.papers import Part
from hotspots.selection import Selection
from hotspots.views import outcome_words, plan_words, when_words, wording

_MIME = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def meeting(held: list[Plan], selection: Selection) -> None:
    """Agenda on one screen, each line one click from its plan."""
    today = planning.today()
    due = [plan for plan in held if plan_words.is_due(plan, today)]
    running = [plan for plan in held if plan.status == RUNNING and plan not in due]
    left, right = st.columns([3, 2], gap="large")
    with left:
        st.subheader("Plans due for review", anchor=False)
        _plans(due, selection)
        st.subheader("Other plans running", anchor=False)
        _plans(running, selection)
        st.subheader("Tasks overdue", anchor=False)
        late = _late()
        st.markdown("\n".join(f"- {wording.plain(line)}" for line in late) or "None.")
    over = [
        f"Plan {number}: {plan_words.alert(rows, *alerts.threshold())}"
        for number, rows in alerts.on_plans(held, selection).items()
    ]
    with right:
        if over:
            st.subheader("Over the case-review threshold", anchor=False)
            st.markdown("\n".join(f"- {wording.plain(line)}" for line in over))
        st.subheader("What changed", anchor=False)
        news = _news(selection)
        st.markdown("\n".join(f"- {wording.plain(line)}" for line in news))
        st.subheader("Decisions today", anchor=False)
        decided = _decided(held)
        st.markdown("\n".join(f"- {wording.plain(line)}" for line in decided) or "None yet.")
        _decide([plan for plan in held if plan.status != CLOSED])
        _take_away(
            selection,
            (
                Part("Plans due for review", tuple(_line(plan, selection) for plan in due)),
                Part("Other plans running", tuple(_line(plan, selection) for plan in running)),
                Part("Tasks overdue", tuple(late)),
                *([Part("Over the case-review threshold", tuple(over))] if over else []),
                Part("What changed", tuple(news)),
                Part("Decisions", tuple(decided)),
            ),
        )


def _plans(shown: list[Plan], selection: Selection) -> None:
    if not shown:
        st.write("None.")
    for plan in shown:
        text, go = st.columns([4, 1], vertical_alignment="center")
        text.markdown(wording.plain(_line(plan, selection)))
        go.button(
            f"Open plan {plan.id}", key=f"open-{plan.id}", on_click=planning.show, args=(plan.id,)
        )


def _line(plan: Plan, selection: Selection) -> str:
    if not planning.sees_data():
        return f"Plan {plan.id} · {plan.place}. Owner: {plan.owner}."
    came = planning.outcome(plan, selection)
    so_far = outcome_words.verdict(came.judged) if came.enough else outcome_words.TOO_SOON
    return f"Plan {plan.id} · {plan.place}. Owner: {plan.owner}. {so_far}"


def _late() -> list[str]:
    held = planning.all_tasks()
    return [
        f"{task['what']}: {task['agency']}, was due {task['due']:%d %B}; plan {task['plan']}, "
        f"{task['place']}"
        for _, task in held.loc[held["overdue"].astype(bool)].iterrows()
    ]


def _news(selection: Selection) -> list[str]:
    found = store.news(selection)
    names = when_words.names(found)
    changed = [
        when_words.change(names[str(code)], row, found.changes).replace("**", "")
        for code, row in found.changes.table.head(6).iterrows()
    ]
    return [f"{when_words.changed(found)}.", *changed]


def _decided(held: list[Plan]) -> list[str]:
    today = planning.today()
    return [
        f"Plan {plan.id}, {plan.place}: {comment.text} ({comment.who})"
        for plan in held
        for comment in plan.comments
        if comment.kind == plans.DECIDED and comment.at.date() == today
    ]


def _decide(held: list[Plan]) -> None:
    names = {plan.id: f"Plan {plan.id} · {plan.place}" for plan in held}
    if not names or not planning.may("plan"):
        return
    with st.form("decide", border=True, clear_on_submit=True):
        number = st.selectbox("Decision on", list(names), format_func=names.__getitem__)
        text = st.text_area("What was decided", height=68, max_chars=2000)
        if st.form_submit_button("Record the decision") and number is not None:
            planning.change(
                "decide",
                "Recorded.",
                lambda session: plans.say(
                    session, number, who=planning.me(), text=text, kind=plans.DECIDED
                ),
                action="plan",
            )
            st.rerun()
    planning.said("decide")


def _take_away(selection: Selection, parts: tuple[Part, ...]) -> None:
    dataset = data_store.dataset(selection.vintage)
    paper = minutes(
        held_on=planning.today(),
        place=dataset.choices.areas[selection.area],
        parts=parts,
        note=f"{panels.stamp(selection, dataset).caption}. {outcome_words.COMPARES}",
    )
    name = f"minutes-{paper.made_on:%Y-%m-%d}"
    word, pdf = st.columns(2)
    word.download_button(
        "Minutes (Word)",
        partial(papers.as_docx, paper),
        file_name=f"{name}.docx",
        mime=_MIME,
        on_click="ignore",
        key="save-docx",
        width="stretch",
    )
    pdf.download_button(
        "Minutes (PDF)",
        partial(papers.as_pdf, paper),
        file_name=f"{name}.pdf",
        mime="application/pdf",
        on_click="ignore",
        key="save-minutes-pdf",
        width="stretch",
    )
