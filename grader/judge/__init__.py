"""The outside: pytest's side of a check, what it may ask of an answer, and the processes that do so."""
