# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown]
# # A centre's year
#
# What a centre can say of its year, and how sure it may be: how much came, what became of it, how long it took,
# whether agreements hold, and what the parties thought of it. The book is simulated: nobody in it exists, and no
# figure says anything about any real place. With a book of your own only the cell that makes it is another one.

# %%
import datetime as dt

import attrs

import community_mediation as cm
from community_mediation import metrics, simulate
from community_mediation.metrics import col

scenario = simulate.Scenario.centre(seed=7, cases=700, period=cm.Period.parse("2021-01-01..2022-12-31"))
book = cm.open_casebook("memory:")
simulate.fill(book, scenario)
through = dt.date(2022, 12, 31)

# %% [markdown]
# The book breaks off on the last day of the year, as a real one does: some of what was reported in December is open.
# Each figure has to say what it does with that.
#
# ## How much came

# %%
volumes = ["reported", "accepted", "concluded", "open_at_end", "sessions_held", "amount_agreed"]
print(metrics.table(book, metrics=volumes, period="2022"))

# %% [markdown]
# ## What became of it
#
# The same cases give a rate for each denominator. The ladder has all of them, and says on which rung cases are lost.

# %%
ladder = metrics.ladder(book, period="2022")
print(ladder)

# %% [markdown]
# Uptake times agreement is effective reach: of all who came, how many left with an agreement. The three are given in
# whole cases, with the open ones in every denominator, for otherwise they would not multiply.
#
# Twelve in a hundred settlements are reached on the spot, before any mediation is begun. Whether these stand on the
# rungs that nobody recorded for them is a question of reading. Ask for both:

# %%
both = metrics.ladder(book, period="2022", on_the_spot="both")
for reading in both.readings:
    reach = both.reach("begun", reading=reading)
    print(f"{reading.value}: begun {reach.taken_up}, agreed {reach.agreed}, agreed without {reach.elsewhere}")

# %% [markdown]
# ## Month by month
#
# A trend has one figure for each period, and how it moved: on the period before (环比), and on the same period of the
# year before (同比). Begin a year early for the latter; `starting` shows only the year that it is about.

# %%
trend = metrics.trend(
    book,
    ["reported", "agreement_of_accepted"],
    every="quarter",
    first="2021",
    last="2022",
    observed_through=through,
)
print(trend.starting("2022"))

# %% [markdown]
# Counts move by a part of what they were. Shares move by percentage points, with limits. All but one of these hold 0:
# the ups and downs may be chance. The one that does not is about the last quarter, of which twelve cases are open and
# left out. Whoever prints that rise prints it too early.
#
# If from July on the count included what courts refer, no change across that day would be one. Say so, and none is
# printed:

# %%
broken = metrics.trend(
    book,
    "reported",
    every="half",
    first="2021",
    last="2022",
    observed_through=through,
    breaks={"2022-H2": "includes cases referred by courts"},
)
print(broken)

# %% [markdown]
# ## How long it took
#
# Open cases have lasted some time already. They are counted in (Kaplan-Meier); the median of the closed ones alone is
# too short, and stands beside it for comparison.

# %%
time = metrics.survival(book, period="2022", observed_through=through)
print(time)
for days in (7, 30, 60):
    print(f"still open after {days} days: {time.at(days)[()]}")

# %% [markdown]
# Not every case comes to an agreement. To how many it comes, and how soon, is the incidence (Aalen-Johansen): the
# cases that ended otherwise stay in the denominator.

# %%
print(metrics.survival(book, end="agreed", period="2022", observed_through=through))

# %% [markdown]
# ## Whether agreements hold
#
# Only those that somebody looked after can be found broken. So the rate stands beside its coverage, and an agreement
# counts as standing only up to the last contact.

# %%
print(metrics.table(book, metrics=["compliance_of_answered", "compliance_coverage", "durability_at_180_days"]))

# %% [markdown]
# ## What the parties thought of it
#
# Satisfaction without a response rate says nothing: who was content answers more often. In this book answers are
# noted by side and not by person, so the shipped response rate cannot tell parties apart, and says that it cannot. A
# figure of our own counts answers by parties of concluded cases: each is asked once.

# %%
answers = metrics.Count(
    name="answers_on_satisfaction",
    label=metrics.Label("Answers on satisfaction", "满意度回答"),
    grain="case_answer",
    filter=col("question") == "satisfaction",
    counted=metrics.in_period("answered"),
    milestone="answered",
    what=metrics.Label("answers on satisfaction", "满意度回答"),
    source="our own",
)
shipped = metrics.catalogue()["response_of_parties"]
response = attrs.evolve(
    shipped,
    name="answers_of_parties",
    label=metrics.Label("Answers, by parties of concluded cases", "回答与已办结案件当事人之比"),
    numerator=answers,
    source="our own",
)
print(metrics.table(book, metrics=["satisfied_of_answers", shipped, response]))
print(metrics.table(book, metrics="satisfied_of_answers", by="role"))

# %% [markdown]
# The limits are clustered by case: two parties of one quarrel are not two independent witnesses.
#
# ## The footnote
#
# Every result says in a sentence what was counted over what, and what was left out.

# %%
print(ladder.explain())
print(trend.explain())

# %% [markdown]
# ## In Chinese, as a picture, and onwards
#
# `with_lang("zh")` prints any of them in Chinese; `plot()` draws it (extra `charts`), `to_frame()` gives plain
# columns, and `to_json()` the same text for the same book. To draw without a network,
# `altair.renderers.enable("svg")` first.

# %%
print(trend.starting("2022-Q3").with_lang("zh"))
print(ladder.to_frame().select("rung", "cases", "numerator", "denominator"))
