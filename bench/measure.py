"""Timing side by side: every peer once per round, so that a slow minute hits all of them."""

import statistics
import time


class Cycle:
    """Calls a function on one row after the other, going on where the last round stopped."""

    def __init__(self, function, rows):
        self.function, self.rows, self.at = function, rows, 0

    def run(self, seconds):
        """Seconds per call, over calls of about `seconds` in all."""
        function, rows, count = self.function, self.rows, len(self.rows)
        calls, spent, step = 0, 0.0, 1
        while spent < seconds:
            chunk = [rows[(self.at + index) % count] for index in range(step)]
            self.at = (self.at + step) % count
            begin = time.perf_counter()
            for row in chunk:
                function(row)
            spent += time.perf_counter() - begin
            calls += step
            step = min(count, step * 2)
        return spent / calls


def batch(function, rows, seconds):
    """Seconds per call of the whole batch, at least one call."""
    calls, spent = 0, 0.0
    while spent < seconds:
        begin = time.perf_counter()
        function(rows)
        spent += time.perf_counter() - begin
        calls += 1
    return spent / calls


def side_by_side(functions, single_rows, rows, rounds, seconds):
    """{peer: (µs a call of one row, µs a row of the batch)}: medians over the rounds."""
    cycles = {peer: Cycle(function, single_rows) for peer, function in functions.items()}
    for cycle in cycles.values():
        cycle.run(seconds / 4)
    ones = {peer: [] for peer in functions}
    batches = {peer: [] for peer in functions}
    for _ in range(rounds):
        for peer, cycle in cycles.items():
            ones[peer].append(cycle.run(seconds))
    for function in functions.values():
        function(rows)
    for _ in range(rounds):
        for peer, function in functions.items():
            batches[peer].append(batch(function, rows, seconds))
    return {peer: (statistics.median(ones[peer]) * 1e6,
                   statistics.median(batches[peer]) * 1e6 / len(rows)) for peer in functions}
