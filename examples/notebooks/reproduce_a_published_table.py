# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown]
# # Reproducing a published table, and finding what it hides
#
# A printed percentage is the end of a calculation. Whoever wants to compare two of them has to know which cases stood
# above the line and which below. This notebook takes figures that authorities, courts and newspapers have printed,
# recomputes each one from the figures beside it, and says how it was rounded. What does not fit is shown with the
# difference. What cannot be checked says why.
#
# The tables are shipped with the library, each row with its source: `samples.published(...)`.

# %%
from community_mediation import samples
from community_mediation.metrics import (
    ChangeCheck,
    PartsCheck,
    RateCheck,
    SameCheck,
    ShareCheck,
    SumCheck,
    check_table,
    fitting,
    spread,
)

# %% [markdown]
# ## A count and a percentage
#
# A newspaper writes of a mediation room: 182 disputes, "化解率 98.9 %". Were 182 disputes settled, or did 182 come?
# Ask which pairs of counts print 98.9 %.

# %%
for pair in fitting(182, "98.9"):
    print(pair)

# %% [markdown]
# Two pairs do: 182 of 184, and 180 of 182. The article does not say which, so that nobody can know whether two more
# disputes came than the 182, or two of the 182 failed.
#
# ## One year, one country, three rates
#
# The Philippine barangays filed 425,263 disputes in 2013. The long table has one figure in each row; `spread` makes one
# row of it. Each check says what should follow from what.

# %%
figures = spread(samples.published("figures"), by=("jurisdiction", "program", "period"), name=("measure", "category"))
barangays = [row for row in figures if "cases_filed: total" in row]
filed, settled, unsettled = "cases_filed: total", "settled: total", "unsettled: total"
natures = [f"cases_filed_by_nature: {nature}" for nature in ("criminal", "civil", "others")]
modes = [f"settled_by_mode: {mode}" for mode in ("mediation", "conciliation", "arbitration")]

print(
    check_table(
        barangays,
        [
            SumCheck(
                parts=[f"cases_filed_by_nature: {nature}" for nature in ("criminal", "civil", "others")], total=filed
            ),
            SumCheck(
                parts=[f"settled_by_mode: {mode}" for mode in ("mediation", "conciliation", "arbitration")],
                total=settled,
            ),
            SumCheck(parts=[settled, unsettled], total=filed),
            RateCheck(of=settled, over=filed, published="settlement_rate: settled/filed"),
            RateCheck(of=settled, over=[filed, "-unsettled: pending_ongoing"]),
            RateCheck(of=[settled, f"-{modes[-1]}"], over=filed),
        ],
        label=("jurisdiction", "period"),
    )
)

# %% [markdown]
# Everything balances, and 76.92 % is right. It counts 35,898 pending cases as not settled: over the cases that were
# disposed of, the same year gives 84.01 %. And it counts 11,579 arbitral awards as settlements: what the parties
# themselves agreed on is 74.20 %. Nobody printed these two. In this library they are `agreement_of_reported`,
# `agreement_of_concluded` and, since an award is no agreement, again `agreement_of_reported`.
#
# ## How others rounded
#
# These rates stand in reports beside their counts. The last place tells how each was rounded: 23.07 and 94.73 were cut
# off and not rounded. Rows without a printed rate show what the counts give.

# %%
rates = check_table(
    samples.published("rates"),
    RateCheck(of="numerator", over="denominator", published="published"),
    label="id",
)
print(rates)

# %% [markdown]
# `LTIA-all` and `LTIA-adj` are one and the same set of ninety cases. Over all of them 80 % were settled. Leave out the
# fourteen that were cancelled, dismissed or withdrawn, and it is 94.73 %. Both are true; only the name of the
# denominator tells them apart.
#
# ## A settlement rate that is none
#
# A report on Kenya's court-annexed mediation gives a "settlement rate" of 95 % for 2022/23. It fits 4,450 of 4,708
# cases; but these are the cases that were *concluded*, however they ended. The official settlement rate of the same
# year is 51.2 %; of which cases is not said, and no count of settlements is printed. Which counts would print it?

# %%
kenya = [row for row in figures if "reported settlement rate: total" in row]
print(
    check_table(
        kenya,
        RateCheck(
            of="reported as settled/cleared: total",
            over="referred: total",
            published="reported settlement rate: total",
        ),
        label=("jurisdiction", "period"),
    )
)
print()
for name, cases in (("referred", 4_708), ("concluded", 4_450)):
    settled = [pair.numerator for pair in fitting(cases, "51.2") if pair.denominator == cases]
    print(f"51.2 % of {cases:,} {name}: {settled[0]:,} to {settled[-1]:,} settled")

# %% [markdown]
# A rate of conclusion (`clearance` in this library) says how fast a court clears its list. That about half of the cases
# ended without a settlement does not show in it.
#
# ## A table that does not balance
#
# A village court in Bangladesh printed what it received, and how it ended, by law and by applicant.

# %%
court = spread(
    [row for row in samples.published("figures") if "Andulbaria" in row["program"]],
    by="category",
    name="measure",
)
village = check_table(
    [row for row in court if "received" in row],
    SumCheck(parts=("settled", "cancelled_incomplete", "unsettled"), total="received"),
    label="category",
)
print(village)

# %% [markdown]
# Only one row of four balances. In the others more cases ended than were received: perhaps they were carried over from
# the year before, which the table does not say. The check does not repair it, and does not refuse it; it says by how
# much, and a rate of settlement over "received" should not be computed from it.
#
# ## Parts, shares, and a spreadsheet
#
# China's yearbook for 2000 has the disputes by type, with the shares. A spreadsheet made 5.5 of 5.50: `places=` gives
# the zeros back, so that every share is held to the two decimals that the book prints.

# %%
by_type = check_table(
    samples.published("china_by_type"),
    [
        ShareCheck(of="cases", published="percent", name="type", whole="Total", within="year"),
        PartsCheck(of="cases", name="type", parent="parent", within="year"),
        PartsCheck(of="percent", name="type", parent="parent", within="year"),
    ],
    label=("year", "type"),
    units={"percent": "%"},
    places={"percent": 2},
)
print(by_type.summary)
print(by_type.only("within rounding"))

# %% [markdown]
# All 24 shares are rounded half-up and all counts balance. The shares add up to 100.01 % in 2000, which five kinds of
# rounding explain: it is no fault.
#
# ## A series, and where its definition breaks
#
# The national count of disputes mediated comes in 10,000s, with one or two decimals or none, from several books and
# reports. First: where two of them speak of the same year, do they agree?

# %%
SHORT = {"china.org.cn": "yearbook 23-6", "V2207e": "yearbook 22-7", "W2309C": "yearbook 23-9", "fsou": "report"}
series = [
    {**row, "source": next((name for key, name in SHORT.items() if key in row["source"]), "press")}
    for row in spread(samples.published("china_series"), by=("year", "source"), name="indicator")
]
mediated = [row for row in series if "civil_disputes_mediated" in row]
print(check_table(mediated, SameCheck(of="civil_disputes_mediated", within="year"), label=("year", "source")))

# %% [markdown]
# The two yearbooks agree to the last printed place. The report for 2000 does not: 502 is not 503.06.
#
# Then the changes from year to year. No change is computed across a gap in the years, nor across a break in the
# definition: from 2022 the count includes disputes that courts referred.

# %%
one_source = [row for row in mediated if row["source"] in ("yearbook 23-6", "yearbook 23-9", "press")]
changes = check_table(
    one_source,
    ChangeCheck(
        of="civil_disputes_mediated",
        along="year",
        breaks={"2022": "the count includes 675 ×10,000 referred by courts"},
    ),
    label=("year", "source"),
)
print(changes)

# %% [markdown]
# From 2017 to 2022 the count seems to rise from 876 to 1,494 ×10,000. Without the referred cases the latter is 819. The
# fall by a third in 2002 and the rise after it are the yearbook's own; it does not explain them.
#
# ## The whole result as a frame
#
# Every check gives the same columns, so that the findings of many tables can be put together.

# %%
print(village.problems.to_frame().select("where", "printed", "computed", "difference", "how"))
