"""`watch`: the learner saves, and the verdict is there.

`model` says what follows from what happens, `screen` what is shown of it; both are plain functions. `files`, `keys`
and `runs` tell what happens, each by a thread of its own; `loop` hears them one by one, and `deeds` does what follows.
"""
