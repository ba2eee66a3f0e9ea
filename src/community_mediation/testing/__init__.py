"""The conformance kit: what every store, channel, report format and region has to keep, as tests to inherit."""
