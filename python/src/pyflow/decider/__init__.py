"""The decider core, pure: history in, decisions out, on greenlets. No I/O, no clock, no boto3."""
