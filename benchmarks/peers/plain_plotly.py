"""The charts of the Programme page the usual way: pandas on the CSV files, Plotly Express, `st.plotly_chart`.

What can be kept between runs is kept. It counts and draws the same things, without ranges, sources, parts
beside wholes, words for values or a map.
"""

from pathlib import Path

import pandas as pd
import plotly.express as px
import plotly.graph_objects as go
import streamlit as st

RECORDS = Path(__file__).resolve().parents[2] / "data" / "records"
DIMENSIONS = ("park", "direction", "cluster", "status", "project_type", "funding")


@st.cache_data
def records(name: str) -> pd.DataFrame:
    return pd.read_csv(RECORDS / f"{name}.csv")


projects, money, events = records("projects"), records("money"), records("events")
if chosen := st.query_params.get("park"):
    projects = projects[projects["park"].isin(chosen.split("."))]
money = money[money["project"].isin(projects["id"])]
events = events[events["project"].isin(projects["id"]) & (events["status"] == "built")]

for column, (label, total) in zip(
    st.columns(4),
    {
        "Projects": len(projects),
        "Cost": projects["cost_mln_rub"].sum(),
        "Invested": projects["invested_mln_rub"].sum(),
        "Jobs": projects["jobs"].sum(),
    }.items(),
    strict=True,
):
    column.metric(label, f"{total:,.0f}")

linked = money.merge(projects[["id", "park"]], left_on="project", right_on="id")
linked = linked.groupby(["money_source", "park"], as_index=False)["amount_mln_rub"].sum()
names = [*linked["money_source"].unique(), *linked["park"].unique()]
place = {name: number for number, name in enumerate(names)}
flow = go.Sankey(
    node={"label": names},
    link={
        "source": linked["money_source"].map(place),
        "target": linked["park"].map(place),
        "value": linked["amount_mln_rub"],
    },
)
st.plotly_chart(go.Figure(flow), key="flow")

by_year = projects.dropna(subset=["end_year", "cost_mln_rub"]).sort_values("end_year")
filled = by_year.groupby("end_year", as_index=False)["cost_mln_rub"].sum()
st.plotly_chart(
    px.area(filled.assign(total=filled["cost_mln_rub"].cumsum()), x="end_year", y="total"), key="gap"
)

known = projects.dropna(subset=["cost_mln_rub"]).assign(park=projects["park"].fillna("none"))
st.plotly_chart(px.treemap(known, path=["park", "name_en"], values="cost_mln_rub"), key="treemap")

spans = projects.dropna(subset=["start_year", "end_year"]).assign(
    start=lambda rows: pd.to_datetime(rows["start_year"].astype(int).astype(str)),
    end=lambda rows: pd.to_datetime(rows["end_year"].astype(int).astype(str)),
)
st.plotly_chart(px.timeline(spans, x_start="start", x_end="end", y="name_en", color="status"), key="timeline")

for dimension in DIMENSIONS:
    counts = projects[dimension].value_counts().reset_index()
    st.plotly_chart(px.bar(counts, x="count", y=dimension, orientation="h"), key=dimension)

st.plotly_chart(
    px.scatter(
        projects, x="cost_mln_rub", y="jobs", color="park", log_x=True, log_y=True, hover_name="name_en"
    ),
    key="jobs",
)
st.plotly_chart(
    px.scatter(records("indicator_values"), x="value", y="indicator", color="basis", log_x=True),
    key="indicators",
)
