"""What differs between places, as data with its sources: lists, deadlines, rules, numbers, labels, fiscal years."""

from community_mediation.regions.region import Region

__all__ = ["Region"]
