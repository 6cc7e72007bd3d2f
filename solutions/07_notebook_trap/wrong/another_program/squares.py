import json

if __name__ == "__main__":
    print(json.dumps([number * number for number in range(5)]))
