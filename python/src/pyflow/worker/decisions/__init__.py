"""The decider process: polls decision tasks, keeps runs in memory, answers, parks what it can not decide."""
