"""Input as what annotations ask for, and results back."""

import dataclasses
import enum
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Annotated, Any, Literal, NewType, Optional, TypedDict, Union
from uuid import UUID

import pytest

import pyflow
from pyflow.codec import Timestamp, decode, encode
from pyflow.declare.typed import Mismatch, reader_of, untyped

OrderId = NewType("OrderId", str)


class Colour(enum.Enum):
    RED = "red"
    BLUE = "blue"


class Level(enum.IntEnum):
    LOW = 1


@dataclasses.dataclass
class Line:
    sku: str
    count: int = 1
    price: Decimal | None = None
    total: float = dataclasses.field(init=False, default=0.0)


@dataclasses.dataclass(frozen=True)
class Order:
    id: OrderId
    lines: list[Line]
    colour: Colour = Colour.RED
    parent: "Order | None" = None

    def __post_init__(self) -> None:
        if not self.lines:
            raise ValueError("an order has lines")


class Address(TypedDict, total=False):
    street: str


UUID_TEXT = "3f333df6-90a4-4fda-8dd3-9485d27cee36"
NINE = datetime(2026, 11, 27, 9, 0, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    ("annotation", "value", "read"),
    [
        (Any, {1: 2}, {1: 2}),
        (object, [1], [1]),
        (None, None, None),
        (bool, True, True),
        (int, 3, 3),
        (float, 3, 3.0),
        (str, "é", "é"),
        (bytes, b"\0", b"\0"),
        (OrderId, "7", "7"),
        (Annotated[int, "pages"], 3, 3),
        (Decimal, "1.10", Decimal("1.10")),
        (Decimal, Decimal("1.10"), Decimal("1.10")),
        (Decimal, 3, Decimal(3)),
        (datetime, Timestamp.of(NINE), NINE),
        (datetime, "2026-11-27T09:00:00Z", NINE),
        (date, "2026-11-27", date(2026, 11, 27)),
        (time, "09:30", time(9, 30)),
        (timedelta, 1.5, timedelta(seconds=1.5)),
        (UUID, UUID_TEXT, UUID(UUID_TEXT)),
        (list, [1, "a"], [1, "a"]),
        (list[float], [1, 2.5], [1.0, 2.5]),
        (set[int], [1, 2, 1], {1, 2}),
        (tuple[int, ...], [1, 2], (1, 2)),
        (tuple[int, str], [1, "a"], (1, "a")),
        (dict, {"a": 1}, {"a": 1}),
        (dict[str, float], {"a": 1}, {"a": 1.0}),
        (dict[Colour, int], {"red": 1}, {Colour.RED: 1}),
        (Optional[int], None, None),  # noqa: UP045
        (int | str, "a", "a"),
        (Union[Order, str, None], "a", "a"),  # noqa: UP007
        (Literal["a", 1], 1, 1),
        (Colour, "blue", Colour.BLUE),
        (Level, 1, Level.LOW),
        (Address, {"street": "High", "new": 1}, {"street": "High", "new": 1}),
        (Line, {"sku": "a"}, Line("a")),
        (Line, {"sku": "a", "price": "1.10", "added": 1}, Line("a", 1, Decimal("1.10"))),
        (
            Order,
            {
                "id": "7",
                "lines": [{"sku": "a", "count": 2}],
                "colour": "blue",
                "parent": {"id": "6", "lines": [{"sku": "b"}]},
            },
            Order(OrderId("7"), [Line("a", 2)], Colour.BLUE, Order(OrderId("6"), [Line("b")])),
        ),
    ],
)
def test_a_value_that_fits_is_read(annotation, value, read):
    reader = reader_of(annotation)
    found = value if reader is None else reader(value, ())
    assert found == read
    assert type(found) is type(read) or isinstance(found, datetime)


@pytest.mark.parametrize(
    ("annotation", "value", "sentence"),
    [
        (int, "3", "$ is a text, should be an integer"),
        (int, True, "$ is a boolean, should be an integer"),
        (int, 3.5, "$ is a float, should be an integer"),
        (float, "3", "$ is a text, should be a number"),
        (str, None, "$ is null, should be a text"),
        (bytes, "a", "$ is a text, should be bytes"),
        (None, 1, "$ is an integer, should be null"),
        (Decimal, "ten", "$ is 'ten', should be a decimal"),
        (Decimal, 1.5, "$ is a float, should be a decimal as text"),
        (datetime, "today", "$ is 'today', should be a timestamp"),
        (timedelta, "1", "$ is a text, should be a number of seconds"),
        (UUID, "7", "$ is '7', should be a UUID"),
        (list[int], {"a": 1}, "$ is a map, should be a list"),
        (list[int], [1, "2"], "$[1] is a text, should be an integer"),
        (tuple[int, str], [1], "$ is a list with 1 items, should be a list of 2"),
        (dict[str, int], {"first name": "x"}, '$["first name"] is a text, should be an integer'),
        (Optional[int], "3", "$ is a text, should be an integer"),  # noqa: UP045
        (
            int | str,
            [],
            "$ fits none of: $ is a list, should be an integer; $ is a list, should be a text",
        ),
        (Literal["a", "b"], "c", "$ is 'c', should be one of 'a', 'b'"),
        (Colour, "green", "$ is 'green', should be one of 'red', 'blue'"),
        (Line, [], "$ is a list, should be a map"),
        (Line, {"count": 2}, "$ lacks sku"),
        (Order, {"id": "7", "lines": []}, "$ is no Order: an order has lines"),
        (
            Order,
            {"id": "7", "lines": [{"sku": "a"}, {"sku": "b", "count": "2"}]},
            "$.lines[1].count is a text, should be an integer",
        ),
        (
            Order,
            {"id": "7", "lines": [{"sku": "a"}], "parent": {"id": 6, "lines": []}},
            "$.parent.id is an integer, should be a text",
        ),
    ],
)
def test_a_value_that_does_not_is_told_where_and_what_would(annotation, value, sentence):
    reader = reader_of(annotation)
    assert reader is not None
    with pytest.raises(Mismatch) as refused:
        reader(value, ())
    assert str(refused.value) == sentence


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (Line("a", 2, Decimal("1.10")), {"sku": "a", "count": 2, "price": Decimal("1.10"), "total": 0.0}),
        ([Colour.RED, Level.LOW, None], ["red", 1, None]),
        ({Colour.RED: (1, 2)}, {"red": [1, 2]}),
        (UUID(UUID_TEXT), UUID_TEXT),
        (date(2026, 11, 27), "2026-11-27"),
        (time(9, 30), "09:30:00"),
        (timedelta(minutes=1), 60.0),
        ({1}, {1}),
    ],
)
def test_a_typed_value_is_told_as_one_of_the_contract(value, told):
    assert untyped(value) == told


def test_what_is_told_is_read_again():
    order = Order(OrderId("7"), [Line("a", 2)], Colour.BLUE, Order(OrderId("6"), [Line("b")]))
    reader = reader_of(Order)
    assert reader is not None
    assert reader(decode(encode(untyped(order))), ()) == order


def bound(function: Any, value: Any) -> dict[str, Any]:
    return pyflow.activity(function).arguments.bind(value).arguments


def test_one_parameter_takes_the_whole_input():
    def charge(order: Order) -> None: ...

    assert bound(charge, {"id": "7", "lines": [{"sku": "a"}]}) == {"order": Order(OrderId("7"), [Line("a")])}
    with pytest.raises(TypeError) as refused:
        bound(charge, {"id": "7"})
    assert str(refused.value) == "input of activity charge 1.0: $ lacks lines"


def test_keywords_take_theirs_each_and_defaults_are_left():
    def move(line: Line, *, days: float, note: str | None = None, **more: int) -> None: ...

    assert bound(move, {"line": {"sku": "a"}, "days": 2, "extra": 1}) == {
        "line": Line("a"),
        "days": 2.0,
        "more": {"extra": 1},
    }
    with pytest.raises(TypeError) as refused:
        bound(move, {"line": {"sku": 1}, "days": 2})
    assert str(refused.value) == "input of activity move 1.0: $.line.sku is an integer, should be a text"


def test_what_only_a_type_checker_can_see_is_left_as_it_is():
    def charge(order: "Nowhere") -> None: ...  # type: ignore[name-defined]  # noqa: F821

    assert bound(charge, {"id": 7}) == {"order": {"id": 7}}


def test_a_model_of_pydantic_reads_and_tells_itself():
    pydantic = pytest.importorskip("pydantic")

    class Item(pydantic.BaseModel):
        sku: str
        count: int = pydantic.Field(1, gt=0)
        at: datetime | None = None

    class Basket(pydantic.BaseModel):
        items: list[Item]

    reader = reader_of(Basket | None)
    assert reader is not None
    basket = reader({"items": [{"sku": "a", "at": Timestamp.of(NINE)}]}, ())
    assert basket == Basket(items=[Item(sku="a", at=NINE)])
    assert untyped([basket]) == [{"items": [{"sku": "a", "count": 1, "at": NINE}]}]
    with pytest.raises(Mismatch) as refused:
        reader({"items": [{"sku": "a", "count": 0}]}, ("basket",))
    assert str(refused.value) == "$.basket.items[0].count is no Basket: Input should be greater than 0"
