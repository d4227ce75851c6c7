"""The compiled loops of the contraction hierarchy (`geo.hierarchy`), over plain arrays.

Nodes are ranks here: an arc of the hierarchy leads from a lower rank to a higher one, and the arcs of a node
v are `starts[v]..starts[v + 1]` with ascending `heads`. Times are int32 milliseconds; two times of at most
`CLOSED` add up without overflow. Compiled by Numba, kept on disk: set-up compiles them once.
"""

import numba
import numpy as np

CLOSED = 2**30 - 1
"""No way: longer than any time, and its double still fits an int32."""


@numba.njit(cache=True)
def neighbours(size, tail, head):  # type: ignore[no-untyped-def]
    """The undirected neighbours of each node, each once, without loops: (starts, neighbours), ascending."""
    starts = np.zeros(size + 1, np.int32)
    for i in range(tail.size):
        if tail[i] != head[i]:
            starts[tail[i] + 1] += 1
            starts[head[i] + 1] += 1
    for v in range(size):
        starts[v + 1] += starts[v]
    place, found = starts[:-1].copy(), np.empty(starts[-1], np.int32)
    for i in range(tail.size):
        a, b = tail[i], head[i]
        if a != b:
            found[place[a]] = b
            found[place[b]] = a
            place[a] += 1
            place[b] += 1
    kept, unique = 0, np.zeros(size + 1, np.int32)
    for v in range(size):
        own = np.sort(found[starts[v] : starts[v + 1]])
        for k in range(own.size):
            if k == 0 or own[k] != own[k - 1]:
                found[kept] = own[k]
                kept += 1
        unique[v + 1] = kept
    return unique, found[:kept].copy()


@numba.njit(cache=True)
def eliminate(starts, adjacent, rank, order):  # type: ignore[no-untyped-def]
    """Eliminate the nodes by rank: the arcs that this leaves (starts, heads) and the elimination tree.

    A node's arcs lead to its higher neighbours and to those of its children in the tree.
    """
    size = rank.size
    heads = np.empty(adjacent.size * 2 + size + 16, np.int32)
    out = np.zeros(size + 1, np.int32)
    parent = np.full(size, -1, np.int32)
    child = np.full(size, -1, np.int32)
    sibling = np.full(size, -1, np.int32)
    mark = np.full(size, -1, np.int32)
    used = 0
    for v in range(size):
        node, begin = order[v], used
        most = starts[node + 1] - starts[node]
        c = child[v]
        while c >= 0:
            most += out[c + 1] - out[c]
            c = sibling[c]
        if used + most > heads.size:
            larger = np.empty(max(2 * heads.size, used + most), np.int32)
            larger[:used] = heads[:used]
            heads = larger
        mark[v] = v
        for k in range(starts[node], starts[node + 1]):
            w = rank[adjacent[k]]
            if w > v and mark[w] != v:
                mark[w] = v
                heads[used] = w
                used += 1
        c = child[v]
        while c >= 0:
            for k in range(out[c], out[c + 1]):
                w = heads[k]
                if mark[w] != v:
                    mark[w] = v
                    heads[used] = w
                    used += 1
            c = sibling[c]
        heads[begin:used].sort()
        out[v + 1] = used
        if used > begin:
            p = heads[begin]
            parent[v] = p
            sibling[v] = child[p]
            child[p] = v
    return out, heads[:used].copy(), parent


@numba.njit(cache=True)
def grouped(keys, count):  # type: ignore[no-untyped-def]
    """The places of each of `count` keys among some, negative ones left out: (starts, places), stable."""
    starts = np.zeros(count + 1, np.int32)
    for i in range(keys.size):
        if keys[i] >= 0:
            starts[keys[i] + 1] += 1
    for k in range(count):
        starts[k + 1] += starts[k]
    place, found = starts[:-1].copy(), np.empty(starts[-1], np.int32)
    for i in range(keys.size):
        if keys[i] >= 0:
            found[place[keys[i]]] = i
            place[keys[i]] += 1
    return starts, found


@numba.njit(cache=True)
def depths(parent):  # type: ignore[no-untyped-def]
    """How far each node lies below the root of its elimination tree."""
    depth = np.zeros(parent.size, np.int32)
    for v in range(parent.size - 1, -1, -1):
        if parent[v] >= 0:
            depth[v] = depth[parent[v]] + 1
    return depth


@numba.njit(cache=True)
def _arc(starts, heads, low, high):  # type: ignore[no-untyped-def]
    """The arc between two nodes that are joined, by bisection."""
    a, b = starts[low], starts[low + 1]
    while a < b:
        middle = (a + b) >> 1
        if heads[middle] < high:
            a = middle + 1
        else:
            b = middle
    return a


@numba.njit(cache=True)
def arcs_between(starts, heads, one, other):  # type: ignore[no-untyped-def]
    """The arc of the hierarchy for each pair of neighbours; -1 for a loop."""
    found = np.full(one.size, -1, np.int32)
    for i in range(one.size):
        if one[i] != other[i]:
            found[i] = _arc(starts, heads, min(one[i], other[i]), max(one[i], other[i]))
    return found


@numba.njit(cache=True)
def keep_best(up, down, arcs, upward, weights):  # type: ignore[no-untyped-def]
    """Lower `up` and `down` of arcs to the weights of the graph's arcs that lie on them."""
    for i in range(arcs.size):
        k = arcs[i]
        if k < 0:
            continue
        if upward[i]:
            up[k] = min(up[k], weights[i])
        else:
            down[k] = min(down[k], weights[i])


@numba.njit(cache=True)
def own(count, arcs, upward, weights):  # type: ignore[no-untyped-def]
    """The times of `count` arcs of the hierarchy without shortcuts: (up, down)."""
    up, down = np.full(count, CLOSED, np.int32), np.full(count, CLOSED, np.int32)
    keep_best(up, down, arcs, upward, weights)
    return up, down


@numba.njit(cache=True)
def customise(starts, heads, down_starts, down_arcs, lower, up, down):  # type: ignore[no-untyped-def]
    """Bring the times of all arcs down to those over lower nodes, in place.

    For each node x and each lower v joined to it, every higher y joined to v: x -> v -> y and y -> v -> x.
    """
    size = starts.size - 1
    place = np.empty(size, np.int32)
    for x in range(size):
        if down_starts[x] == down_starts[x + 1]:
            continue
        for k in range(starts[x], starts[x + 1]):
            place[heads[k]] = k
        for q in range(down_starts[x], down_starts[x + 1]):
            i = down_arcs[q]
            up_i, down_i = up[i], down[i]
            for j in range(i + 1, starts[lower[i] + 1]):
                k = place[heads[j]]
                up[k] = min(up[k], down_i + up[j])
                down[k] = min(down[k], down[j] + up_i)


@numba.njit(cache=True)
def _best_over_lower(x, y, down_starts, down_arcs, lower, up, down):  # type: ignore[no-untyped-def]
    """The best times x -> y and y -> x over a node lower than both."""
    there, back = np.int32(CLOSED), np.int32(CLOSED)
    p, p_end, q, q_end = down_starts[x], down_starts[x + 1], down_starts[y], down_starts[y + 1]
    while p < p_end and q < q_end:
        i, j = down_arcs[p], down_arcs[q]
        if lower[i] < lower[j]:
            p += 1
        elif lower[i] > lower[j]:
            q += 1
        else:
            there = min(there, down[i] + up[j])
            back = min(back, down[j] + up[i])
            p += 1
            q += 1
    return there, back


@numba.njit(cache=True)
def recustomise(starts, heads, down_starts, down_arcs, lower, up, down, up_own, down_own, dirty):  # type: ignore[no-untyped-def]
    """Bring the times of dirty arcs, and of all that depend on them, to their new values, in place.

    Arcs are numbered so that each depends on lower ones only: one pass over the marks is enough.
    """
    for a in range(dirty.size):
        if not dirty[a]:
            continue
        x, y = lower[a], heads[a]
        there, back = _best_over_lower(x, y, down_starts, down_arcs, lower, up, down)
        there, back = min(there, up_own[a]), min(back, down_own[a])
        was_up, was_down = up[a], down[a]
        if there == was_up and back == was_down:
            continue
        up[a], down[a] = there, back
        for k in range(starts[x], starts[x + 1]):
            if k == a:
                continue
            z = heads[k]
            target = _arc(starts, heads, min(y, z), max(y, z))
            # The way y -> x -> z, and z -> x -> y: shorter than what stands, or what stands rested on it.
            to_z, from_z = (up[target], down[target]) if y < z else (down[target], up[target])
            if (
                back + up[k] < to_z
                or was_down + up[k] == to_z
                or down[k] + there < from_z
                or down[k] + was_up == from_z
            ):
                dirty[target] = 1


@numba.njit(cache=True)
def labels(first, second, first_ms, second_ms, starts, heads, times, parent, depth, height):  # type: ignore[no-untyped-def]
    """For each place the times to all nodes above it in the elimination tree, and those nodes, by depth.

    `second` lies above `first`, since an arc joins them. Returns (times, nodes, depth of the place).
    """
    found = np.full((first.size, height), CLOSED, np.int32)
    nodes = np.full((first.size, height), -1, np.int32)
    deep = np.empty(first.size, np.int32)
    reach = np.full(parent.size, CLOSED, np.int32)
    for i in range(first.size):
        reach[first[i]] = first_ms[i]
        reach[second[i]] = min(reach[second[i]], second_ms[i])
        v = first[i]
        deep[i] = depth[v]
        while v >= 0:
            t = reach[v]
            found[i, depth[v]], nodes[i, depth[v]] = t, v
            reach[v] = CLOSED
            if t < CLOSED:
                for k in range(starts[v], starts[v + 1]):
                    reach[heads[k]] = min(reach[heads[k]], t + times[k])
            v = parent[v]
    return found, nodes, deep


@numba.njit(cache=True)
def meet(there, there_nodes, there_depth, back, back_nodes, back_depth):  # type: ignore[no-untyped-def]
    """The best sum of two labels over the nodes that both have: their common part of the elimination tree."""
    out = np.full((there.shape[0], back.shape[0]), CLOSED, np.int32)
    for i in range(there.shape[0]):
        for j in range(back.shape[0]):
            if there_nodes[i, 0] != back_nodes[j, 0]:
                continue
            low, high = 0, min(there_depth[i], back_depth[j])
            while low < high:
                middle = (low + high + 1) >> 1
                if there_nodes[i, middle] == back_nodes[j, middle]:
                    low = middle
                else:
                    high = middle - 1
            best = np.int32(CLOSED)
            for k in range(low + 1):
                best = min(best, there[i, k] + back[j, k])
            out[i, j] = best
    return out


@numba.njit(cache=True)
def sweep(first, second, first_ms, second_ms, starts, heads, climbing, falling, order):  # type: ignore[no-untyped-def]
    """The time from the nearest of some places to every node, and which place that is; by node, not rank."""
    size = starts.size - 1
    reach, who = np.full(size, CLOSED, np.int32), np.full(size, -1, np.int32)
    for i in range(first.size):
        if first_ms[i] < reach[first[i]]:
            reach[first[i]], who[first[i]] = first_ms[i], i
        if second_ms[i] < reach[second[i]]:
            reach[second[i]], who[second[i]] = second_ms[i], i
    for v in range(size):
        t = reach[v]
        if t < CLOSED:
            for k in range(starts[v], starts[v + 1]):
                if t + climbing[k] < reach[heads[k]]:
                    reach[heads[k]], who[heads[k]] = t + climbing[k], who[v]
    for v in range(size - 1, -1, -1):
        t, mine = reach[v], who[v]
        for k in range(starts[v], starts[v + 1]):
            if reach[heads[k]] + falling[k] < t:
                t, mine = reach[heads[k]] + falling[k], who[heads[k]]
        reach[v], who[v] = t, mine
    out, nearest = np.empty(size, np.int32), np.empty(size, np.int32)
    for v in range(size):
        out[order[v]], nearest[order[v]] = reach[v], who[v]
    return out, nearest
