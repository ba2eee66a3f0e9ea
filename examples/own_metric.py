"""A metric of your own, beside the library's: settlements that were put in writing, of all settlements."""

import community_mediation as cm
from community_mediation import samples
from community_mediation.metrics import Label, Proportion, col

written = Proportion(
    name="written_of_settled",
    label=Label(en="In writing, of settlements", zh="书面协议占比（以调解成功为分母）"),
    numerator=col("agreement_form").is_in(["written"], not_in=["oral"]),
    numerator_label=Label(en="settlements in writing", zh="书面协议"),
    denominator=col("agreement").is_in(["full", "partial"], not_in=["none", "open"]),
    denominator_label=Label(en="cases with an agreement", zh="达成协议的案件"),
    source="People's Mediation Law of the PRC (2010), art. 28: an agreement may be oral",
)

with cm.open_casebook("memory:") as book:
    cm.registers.import_register(book, samples.path("studio_register.csv"), centre="studio", zone="Asia/Shanghai")
    table = cm.metrics.table(book.facts("case"), metrics=["agreement_of_begun", written])
    print(table)
    print(table.explain())
