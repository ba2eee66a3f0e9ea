"""``python -m community_mediation`` is the command ``community-mediation``."""

from community_mediation.cli import main

if __name__ == "__main__":
    main(prog_name="community-mediation")
