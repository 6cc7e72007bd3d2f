"""Start, limit and end a learner's process tree. Nothing is imported here: the bubble's starter must stay bare."""
