"""Clocks and sleeps by the bubble's time: stand-ins for what ``time`` and ``datetime`` offer."""

from __future__ import annotations

import datetime as _datetime
import operator
from typing import TYPE_CHECKING, Any

from grader.bubble import originals
from grader.bubble.current import here
from grader.bubble.durations import SECOND, nanoseconds
from grader.bubble.scheduler import LOOK

if TYPE_CHECKING:
    from collections.abc import Callable

_Date = _datetime.date
_Datetime = _datetime.datetime


class Standin:
    """A callable in the place of a built-in function: no method when it is stored in a class, pickled by its name.

    Args:
        original: the function that it stands for.
        function: what it does.
    """

    def __init__(self, original: Any, function: Callable[..., Any]) -> None:
        self._function = function
        self.__name__: str = original.__name__
        self.__qualname__ = self.__name__
        self.__module__ = original.__module__
        self.__doc__ = original.__doc__

    def __call__(self, *args: Any, **kwargs: Any) -> Any:  # noqa: D102 - what it does is the original's docstring
        return self._function(*args, **kwargs)

    def __reduce__(self) -> str:
        return self.__name__

    def __repr__(self) -> str:
        return f"<built-in function {self.__name__}>"


def read(name: str) -> int:
    """Return the clock `name` of the run in nanoseconds; the real one outside."""
    thread = here()
    if thread is None:
        return originals.CLOCKS[name]()
    thread.scheduler.spin(thread, LOOK)
    return thread.scheduler.bases[name] + thread.scheduler.now


def clock(name: str) -> Callable[[], float]:
    """Return the clock `name`, in seconds."""
    return lambda: read(name) / SECOND


def clock_ns(name: str) -> Callable[[], int]:
    """Return the clock `name`, in nanoseconds."""
    return lambda: read(name)


def clock_gettime_ns(number: int, /) -> int:
    """Stand for ``time.clock_gettime_ns``; clocks of CPU time stay real."""
    name = originals.CLOCK_NUMBERS.get(number)
    return originals.clock_gettime_ns(number) if name is None or here() is None else read(name)


def clock_gettime(number: int, /) -> float:
    """Stand for ``time.clock_gettime``."""
    return clock_gettime_ns(number) / SECOND


def times() -> Any:
    """Stand for ``os.times``, whose ``elapsed`` is a clock."""
    real = originals.times()
    return real if here() is None else type(real)((*real[:4], read("monotonic") / SECOND))


def sleep(duration: Any, /) -> None:
    """Stand for ``time.sleep``.

    Raises:
        ValueError, OverflowError, TypeError: as the real one does.
    """
    thread = here()
    if thread is None:
        originals.sleep(duration)
        return
    exact = operator.index(duration) if not isinstance(duration, float) else duration
    if exact != exact:  # noqa: PLR0124 - this is how NaN is known
        raise ValueError("Invalid value NaN (not a number)")
    if exact < 0:
        raise ValueError("sleep length must be non-negative")
    if exact > originals.TIMEOUT_MAX:
        raise OverflowError("timestamp too large to convert to C _PyTime_t")
    thread.scheduler.nap(thread, nanoseconds(exact))


def select(readers: Any, writers: Any, others: Any, timeout: float | None = None, /) -> Any:
    """Stand for ``select.select``, which with nothing to wait for is a sleep."""
    if timeout is None or here() is None or readers or writers or others:
        return originals.select(readers, writers, others, timeout)
    sleep(timeout)
    return [], [], []


def localtime(moment: float | None = None, /) -> Any:
    """Stand for ``time.localtime``."""
    return originals.localtime(_now() if moment is None else moment)


def gmtime(moment: float | None = None, /) -> Any:
    """Stand for ``time.gmtime``."""
    return originals.gmtime(_now() if moment is None else moment)


def ctime(moment: float | None = None, /) -> str:
    """Stand for ``time.ctime``."""
    return originals.asctime(localtime(moment))


def strftime(form: str, moment: Any = None, /) -> str:
    """Stand for ``time.strftime``."""
    return originals.strftime(form, localtime() if moment is None else moment)


def asctime(moment: Any = None, /) -> str:
    """Stand for ``time.asctime``."""
    return originals.asctime(localtime() if moment is None else moment)


def _now() -> float:
    return read("time") / SECOND


class _Kin(type):
    """Makes dates that C code made, which are of the original class, instances of the stand-in."""

    original: type

    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, cls.__dict__.get("original", ())) or type.__instancecheck__(cls, instance)

    def __subclasscheck__(cls, subclass: type) -> bool:
        return issubclass(subclass, cls.__dict__.get("original", ())) or type.__subclasscheck__(cls, subclass)


class VirtualDate(_Date, metaclass=_Kin):
    """Stands for ``datetime.date``."""

    original = _Date

    @classmethod
    def today(cls) -> Any:
        """Return the day that the bubble's clock shows."""
        return cls.fromtimestamp(_now())


class VirtualDatetime(_Datetime, metaclass=_Kin):
    """Stands for ``datetime.datetime``."""

    original = _Datetime

    @classmethod
    def now(cls, tz: _datetime.tzinfo | None = None) -> Any:
        """Return the moment that the bubble's clock shows, in `tz`."""
        whole, rest = divmod(read("time"), SECOND)
        return cls.fromtimestamp(whole, tz).replace(microsecond=rest // 1000)

    @classmethod
    def today(cls) -> Any:
        """Return the moment that the bubble's clock shows, in local time."""
        return cls.now()

    @classmethod
    def utcnow(cls) -> Any:
        """Return the moment that the bubble's clock shows, in UTC and without a time zone."""
        return cls.now(_datetime.UTC).replace(tzinfo=None)


for _class in (VirtualDate, VirtualDatetime):  # repr() and pickle go by these names
    _short = _class.original.__name__
    _class.__name__, _class.__qualname__, _class.__module__ = f"datetime.{_short}", _short, "datetime"
