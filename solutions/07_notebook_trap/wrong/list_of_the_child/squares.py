results = []


def add(number):
    results.append(number * number)
