package io.weir.core.stream;

import org.jspecify.annotations.Nullable;

/** An intrusive queue of halves: each is in at most one list, at most once. */
final class ControlList {

    private @Nullable ControlNode first;
    private @Nullable ControlNode last;
    private int size;

    int size() {
        return size;
    }

    boolean isEmpty() {
        return first == null;
    }

    @Nullable
    ControlNode first() {
        return first;
    }

    /** Appends, unless the half is in a list already. */
    void add(ControlNode node) {
        if (node.list != null) {
            return;
        }
        ControlNode before = last;
        node.list = this;
        size++;
        node.previous = before;
        last = node;
        if (before == null) {
            first = node;
        } else {
            before.next = node;
        }
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("[");
        for (ControlNode node = first; node != null; node = node.next) {
            text.append(node).append(';');
        }
        return text.append(']').toString();
    }

    void remove(ControlNode node) {
        ControlNode before = node.previous;
        ControlNode after = node.next;
        if (before == null) {
            first = after;
        } else {
            before.next = after;
        }
        if (after == null) {
            last = before;
        } else {
            after.previous = before;
        }
        node.previous = null;
        node.next = null;
        node.list = null;
        size--;
    }
}
