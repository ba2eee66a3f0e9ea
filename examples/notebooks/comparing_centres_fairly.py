# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown]
# # Comparing centres fairly
#
# Twenty centres, one rate each: put them in order, and there is a first and a last, whatever the truth is. This
# notebook takes a book whose truth is known, because it is simulated: all centres settle the same kinds of dispute
# equally well. Whatever differs between them is chance. Then it adds one centre that is truly worse, and one that
# only gets harder cases, and looks which method tells the three apart.

# %%
import random

import attrs
import polars as pl

import community_mediation as cm
from community_mediation import metrics, simulate
from community_mediation.simulate import Ending

book = cm.open_casebook("memory:")
equal = simulate.Scenario(seed=11, cases=1500, centres=20, runs_on=120)
simulate.fill(book, equal)
facts = {name: book.facts(name).to_polars() for name in ("case", "case_mediator")}

# %% [markdown]
# ## What a ranking would say
#
# The library has no ranking, so we make one: the order of the centres by their share in the first half of the year,
# and the place of the same centres in the second half.


# %%
def places(period: str) -> dict[str, int]:
    rows = metrics.table(facts, metrics="agreement_of_accepted", by="centre", period=period).rows
    shares = sorted(((row.figure.value or 0, row.group[0]) for row in rows if not row.total), reverse=True)
    return {centre: place for place, (_, centre) in enumerate(shares, start=1)}


first, second = places("2022-H1"), places("2022-H2")
print("place in the first half -> in the second")
for centre, place in list(first.items())[:5] + list(first.items())[-5:]:
    print(f"{centre:>13} {place:>3} -> {second[centre]}")

# %% [markdown]
# The best of the first half are anywhere in the second. They were never better. A prize for the first and a warning
# for the last would both have gone to chance.
#
# ## The funnel
#
# A share of few cases varies more than one of many. The funnel draws the limits within which a centre of each size
# lies by chance alone, here about the share of all centres together. It says how many lie outside *beside how many
# would if all were equal*.

# %%
funnel = metrics.funnel(facts, "agreement_of_accepted", by="centre")
print(funnel)

# %% [markdown]
# In a notebook, `funnel.plot()` draws it, with the names of those outside and of nobody else.
#
# The expected number is no rule of thumb: whole numbers of cases make the limits hold somewhat more than they say,
# and this is reckoned in. Let chance run five hundred such years with these very centres, all of them equal:

# %%
chance = random.Random(3)
target = float(funnel.target or 0)
sizes = {unit.group[0]: unit.size for unit in funnel.judged}
seen = []
for _ in range(500):
    year = {name: (sum(chance.random() < target for _ in range(size)), size) for name, size in sizes.items()}
    alarms = metrics.funnel_of(year, target=target, levels=[0.95]).alarms[0]
    seen.append(alarms.seen)
print(f"outside of 95 % by chance: {sum(seen) / len(seen):.2f} a year in 500 years; expected {alarms.expected:.2f}")
print(f"years with at least one false alarm: {sum(map(bool, seen)) / len(seen):.0%}")

# %% [markdown]
# Every other year has a false alarm at 95 %. So a centre outside of it is a reason to look, and no finding. At 99.8 %
# such years are rare.
#
# ## One that is truly worse
#
# Now a centre joins that settles about six of ten cases where the others settle eight, of the same kinds.

# %%
WORSE = {**simulate.kinds.ORDINARY, Ending.SETTLED: 60, Ending.NOT_SETTLED: 38}
worse = attrs.evolve(
    equal, seed=12, cases=150, centres=1, kinds=tuple(attrs.evolve(kind, odds=WORSE) for kind in equal.kinds)
)
simulate.fill(book, worse, add=True)
found = metrics.funnel(book, target="rest")
for alarms in found.alarms:
    print(alarms)
print("outside of 99.8 %:", *(unit.group[0] for unit in found.outside(0.998)))
print(found.found.over_dispersion)

# %% [markdown]
# It is found, and nobody else is. Here each centre was compared with the rest (`target="rest"`), so that the one
# which is looked at does not shift the middle that it is compared with, and the uncertainty of the rest is in the
# limits.
#
# ## One that gets harder cases
#
# Another centre settles each kind of dispute just as the twenty do, but nearly all that comes to it are debts and
# contracts, which settle less often everywhere.

# %%
HARD = ("debt", "contract", "inheritance")
kinds = tuple(attrs.evolve(kind, share=kind.share * (40 if kind.code.code in HARD else 1)) for kind in equal.kinds)
simulate.fill(book, attrs.evolve(equal, seed=13, cases=300, centres=1, kinds=kinds), add=True)

print("outside of 99.8 %:", *(unit.group[0] for unit in metrics.funnel(book, target="rest").outside(0.998)))
comparison = metrics.compare(book, strata=["dispute_type"], against="rest")
for centre in ("centre-12-1", "centre-13-1"):
    print(f"{centre}: crude {float(comparison[centre].value):.1%}; {comparison[centre].adjusted}")
    print(f"{centre}: {comparison[centre].expected}")

# %% [markdown]
# Crude, both look bad. Within kinds of dispute only one of them does: what the other settles is what was to be
# expected of its cases. What the strata do not hold is not adjusted for; a centre may have harder cases of the same
# kind.
#
# `print(comparison)` and `comparison.plot()` show all centres, by name. With exactly two, their difference within the
# strata is given as well:

# %%
cases = book.facts("case").to_polars()
two = cases.filter(pl.col("centre").is_in(["centre-12-1", "centre-13-1"]))
print(metrics.compare(two))

# %% [markdown]
# Crude, the first lies 7.6 points below the second; within the strata 14.2. The easier cases of the first had hidden
# half of the difference. But the two have few kinds in common, and the limits say so.
#
# ## People are not centres
#
# The same can be asked of mediators, for a talk among colleagues. It says of itself that it is not for a public
# report. With so many units of so few cases each, a single one outside of 95 % says even less.

# %%
of_mediators = metrics.funnel(facts, "mediator_agreement_of_begun", by="mediator")
print(len(of_mediators.judged), "judged,", len(of_mediators.not_judged), "with too few cases")
print(of_mediators.alarms[0])
print(of_mediators.explain())

# %% [markdown]
# What may be said of them without judging anybody is how the work is shared out:

# %%
print(metrics.concentration(facts, by="mediator"))
