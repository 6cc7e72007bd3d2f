"""Never ends while it is imported, and takes every exception that is to end it for a joke."""

import time

while True:
    try:
        time.sleep(60)
    except BaseException:
        pass
