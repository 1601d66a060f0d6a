"""Processor time of a tree of processes that come and go, whoever ended, was waited for, or was never seen."""

from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st

from obt_client.telemetry.cpu_account import CpuAccount, ProcessId, Used

ROOT: ProcessId = (1, 0.0)


@dataclass
class Tree:
    """One parent and its children, as a kernel keeps their accounts."""

    waits: bool
    own_s: dict[ProcessId, float] = field(default_factory=lambda: {ROOT: 0.0})
    reaped_s: float = 0.0
    used_s: float = 0.0
    born: int = 1

    def work(self, seconds: float, number: int) -> None:
        process = list(self.own_s)[number % len(self.own_s)]
        self.own_s[process] += seconds
        self.used_s += seconds

    def bear(self) -> None:
        self.born += 1
        self.own_s[self.born, float(self.born)] = 0.0

    def end(self, number: int) -> None:
        children = list(self.own_s)[1:]
        if children:
            ended_s = self.own_s.pop(children[number % len(children)])
            self.reaped_s += ended_s if self.waits else 0.0

    def seen(self) -> dict[ProcessId, Used]:
        reaped = {ROOT: self.reaped_s}
        return {process: Used(own_s, reaped.get(process, 0.0)) for process, own_s in self.own_s.items()}


STEPS = st.lists(
    st.tuples(st.sampled_from(["work", "bear", "end", "look"]), st.integers(0, 9), st.integers(0, 500)), max_size=80
)


def lived(tree: Tree, steps: list[tuple[str, int, int]], account: CpuAccount) -> None:
    for kind, number, hundredths in steps:
        if kind == "work":
            tree.work(hundredths / 128, number)  # exact in binary
        elif kind == "bear":
            tree.bear()
        elif kind == "end":
            tree.end(number)
        else:
            account.add(tree.seen())
    account.add(tree.seen())


@given(STEPS)
def test_where_parents_wait_for_their_children_all_time_is_counted_once(steps: list[tuple[str, int, int]]) -> None:
    tree, account = Tree(waits=True), CpuAccount()
    account.add(tree.seen(), adopted={ROOT})
    lived(tree, steps, account)
    assert account.total_s == tree.used_s


@given(STEPS)
def test_where_nobody_tells_of_ended_children_never_too_much_is_counted(steps: list[tuple[str, int, int]]) -> None:
    tree, account = Tree(waits=False), CpuAccount()
    account.add(tree.seen(), adopted={ROOT})
    lived(tree, steps, account)
    assert sum(tree.own_s.values()) <= account.total_s + 1e-9
    assert account.total_s <= tree.used_s + 1e-9


def test_what_a_process_used_before_it_was_known_is_not_counted() -> None:
    account = CpuAccount()
    assert account.add({ROOT: Used(500.0, 70.0)}, adopted={ROOT}) == 0
    assert account.add({ROOT: Used(501.0, 70.0), (2, 9.0): Used(0.5)}) == 1.5


def test_a_number_that_is_used_again_is_another_process() -> None:
    account = CpuAccount()
    account.add({ROOT: Used(0.0), (2, 1.0): Used(90.0)}, adopted={ROOT, (2, 1.0)})
    assert account.add({ROOT: Used(0.0), (2, 50.0): Used(0.25)}) == 0.25


def test_to_ask_for_a_rise_counts_nothing() -> None:
    account = CpuAccount()
    account.add({ROOT: Used(1.0)}, adopted={ROOT})
    assert [account.rise_s({ROOT: Used(3.0)}), account.rise_s({ROOT: Used(3.0)})] == [2.0, 2.0]
    assert account.add({ROOT: Used(3.0)}) == 2.0
