package io.weir.reactive.transport.lanes;

import io.weir.core.wire.Frame;
import java.util.ArrayDeque;
import java.util.Deque;

/** What was said in one lane and has not left, first in, first out. */
final class LaneQueue {

    private final Deque<Frame> frames = new ArrayDeque<>();
    private boolean held;

    void add(Frame frame) {
        frames.add(frame);
    }

    /** The oldest; there is one. */
    Frame first() {
        return frames.element();
    }

    /** The oldest has left. */
    void removeFirst() {
        frames.remove();
    }

    void clear() {
        frames.clear();
    }

    boolean isEmpty() {
        return frames.isEmpty();
    }

    int size() {
        return frames.size();
    }

    /** Nothing leaves before {@link #release}. */
    void hold() {
        held = true;
    }

    void release() {
        held = false;
    }

    boolean isHeld() {
        return held;
    }
}
