"""924 complaints to the police of New York City: how many, how long, and why there is no rate of agreement."""

import community_mediation as cm
from community_mediation import samples

mapping = cm.registers.RegisterMapping.load(samples.path("nyc311.toml"))

with cm.open_casebook("memory:") as book:
    result = cm.registers.import_register(book, samples.path("nyc311_noise_20220501.csv"), mapping=mapping)
    print(f"{result.added} added, {result.rejected} rejected")

    facts = book.facts("case").to_polars()
    print(cm.metrics.table(facts, metrics=["reported", "concluded", "agreement_of_reported"]))
    # Of the closed ones alone, half were closed within 32 minutes; with the open ones counted in, it is 59.
    print(cm.metrics.survival(facts, unit="minutes"))
