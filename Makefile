# The verbs. Each folder has the how: `make --directory ruby-worker help`.
