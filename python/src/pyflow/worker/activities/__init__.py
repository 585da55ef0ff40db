"""The activity worker: polls tasks of one list, calls their activities, answers for each exactly once."""
