"""Stocks: goods in whole units at city, district, street and shelter, and (s, S) orders from each level to the one above.

Units are small and whole (1 mL of water, 1 kcal, a thousandth of a day's medicine, a blanket), so that every sum is exact.
An order is filled as far as the stock reaches, and waits for the rest; a level whose position (on hand + on order - owed)
falls below s orders up to S (Scarf 1960, "The optimality of (S, s) policies in the dynamic inventory problem").
"""

from bisect import insort
from enum import IntEnum
from typing import Any, NamedTuple

import numpy as np
from pydantic import Field

from sim.trajectory import Cause
from sim.units import Count, Factor, Model, Share

DAY_S = 86400.0
UNITS_PER_DAY = 1000  # of medicine: thousandths of a day's doses
ML_PER_L = 1000
KG_PER_UNIT = np.array([1e-3, 1 / 3000, 5e-5, 1.5])  # water; packed food at 3 kcal a gram; medicine; a blanket (assumed)


class Good(IntEnum):
    """What is handed out; the first three are the need of the indices."""

    WATER = 0
    FOOD = 1
    MEDICINE = 2
    BLANKET = 3


class Who(IntEnum):
    """Whom a ration is for."""

    SHELTERED = 0
    HOME = 1


class Norms(Model):
    """What a person needs."""

    water_l: Factor = Field(15.0, description="litres of water a person and day without taps (Sphere Handbook 2018; unverified)")
    drink_l: Factor = Field(3.0, description="litres of them to drink; where taps run only these are carried (Sphere 2.5-3)")
    food_kcal: Factor = Field(2100.0, description="kcal a person and day (Sphere Handbook; unverified)")

    def rations_n(self, round_s: float) -> np.ndarray:
        """(2, 4) int64: units of each good for one person and one round, by Who; a blanket is given once."""
        part = round_s / DAY_S
        food, medicine = round(self.food_kcal * part), round(UNITS_PER_DAY * part)
        water_ml = [round(litres * ML_PER_L * part) for litres in (self.drink_l, self.water_l)]
        return np.array([[water, food, medicine, 1] for water in water_ml], np.int64)

    def person_days_n(self, persons: int, days: float, chronic_frac: float) -> np.ndarray:
        """(4,) int64: units for `persons` over `days`: bottled water, food, medicine for the chronically ill, a blanket each."""
        each = (self.drink_l * ML_PER_L * days, self.food_kcal * days, UNITS_PER_DAY * days * chronic_frac, 1.0)
        return np.array([round(persons * units) for units in each], np.int64)


class Level(Model):
    """What a level holds for this community, and when it orders more."""

    persons: Count = Field(100, description="stock for so many persons")
    days: Factor = Field(3.0, description="for so many days (assumed)")
    chronic_frac: Share = Field(0.1, description="share of them for whom medicine is kept (assumed)")
    reorder_frac: Share = Field(0.5, description="orders from the level above when its position is below this share (assumed)")


class Order(NamedTuple):
    """Wanted by a store from the one above; `wanted_n (4,) int64` shrinks as it is filled."""

    priority: int
    placed_s: float
    number: int
    store: "Store"
    wanted_n: np.ndarray

    def __lt__(self, other: tuple[Any, ...]) -> bool:
        """By (priority, placed, number)."""
        return self[:3] < other[:3]


class Store:
    """Goods in one place. `stock_n (4,) int64` may be a row of the world's column."""

    def __init__(self, number: int, level: int, stock_n: np.ndarray, source: "Store | None" = None, node: int = -1) -> None:
        """`level` 0 city, 1 district, 2 street, 3 point; `source` is the store above."""
        self.number, self.level, self.stock_n, self.source, self.node = number, level, stock_n, source, node
        self.coming_n = np.zeros(len(Good), np.int64)  # ordered and not here yet
        self.owed: list[Order] = []
        self.least_n = np.zeros(len(Good), np.int64)  # s
        self.full_n = np.zeros(len(Good), np.int64)  # S
        self.loads: dict[int, tuple[Cause, np.ndarray]] = {}  # on the way here: what each waits for, what it holds
        self.priority = 0  # of its orders, less is sooner
        self.ordered_n = 0

    def position_n(self) -> np.ndarray:
        """(4,) int64: on hand + on order - owed."""
        return self.stock_n + self.coming_n - sum((order.wanted_n for order in self.owed), np.zeros(len(Good), np.int64))

    def lacks_n(self) -> np.ndarray:
        """(4,) int64: what to order now by (s, S)."""
        position_n = self.position_n()
        return np.where(position_n < self.least_n, np.maximum(self.full_n - position_n, 0), 0)

    def why(self, good: Good) -> Cause:
        """Why there is none of it here: what the furthest load waits for, or that nothing is on its way."""
        causes = [cause for cause, goods_n in self.loads.values() if goods_n[good] > 0]
        return max(causes, key=LOAD_CHAIN.index, default=Cause.STOCK_OUT)


# A load's way, first to last.
LOAD_CHAIN = (Cause.STOCK_OUT, Cause.NO_VEHICLE, Cause.NO_CREW_FREE, Cause.STOOD_DOWN, Cause.ROUTE_CLOSED, Cause.ON_THE_WAY)


def owe(store: Store, order: Order) -> None:
    """Put an order in its place in the store's list."""
    insort(store.owed, order)


def fill(store: Store) -> list[tuple[Order, np.ndarray]]:
    """Take from the stock what the orders ask for, in their order; (order, taken (4,) int64) of each that gets something."""
    taken = []
    for order in store.owed:
        part_n = np.minimum(order.wanted_n, store.stock_n)
        if part_n.any():
            store.stock_n -= part_n
            order.wanted_n[:] -= part_n
            taken.append((order, part_n))
    store.owed = [order for order in store.owed if order.wanted_n.any()]
    return taken


def shares_n(total_n: np.ndarray, parts: int) -> list[np.ndarray]:
    """`total_n (4,) int64` in whole parts as equal as they can be, nothing lost."""
    return [total_n * (k + 1) // parts - total_n * k // parts for k in range(parts)]


def weight_kg(goods_n: np.ndarray) -> float:
    """What goods (4,) weigh."""
    return float(goods_n @ KG_PER_UNIT)
