package io.weir.core.message;

import org.jspecify.annotations.Nullable;

/** An intrusive queue of messages: each is in at most one list, at most once. */
final class OutgoingList {

    private @Nullable Outgoing first;
    private @Nullable Outgoing last;
    private int size;

    boolean isEmpty() {
        return first == null;
    }

    int size() {
        return size;
    }

    @Nullable
    Outgoing first() {
        return first;
    }

    /** Appends a message that is in no list. */
    void add(Outgoing message) {
        Outgoing before = last;
        message.list = this;
        message.previous = before;
        last = message;
        if (before == null) {
            first = message;
        } else {
            before.next = message;
        }
        size++;
    }

    /** Takes out a message that is in this list. */
    void remove(Outgoing message) {
        Outgoing before = message.previous;
        Outgoing after = message.next;
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
        message.previous = null;
        message.next = null;
        message.list = null;
        size--;
    }
}
