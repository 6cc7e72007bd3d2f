"""What runs in the learner's process: it loads the answer and serves calls. The standard library only."""
