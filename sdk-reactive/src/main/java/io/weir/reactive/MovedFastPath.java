package io.weir.reactive;

import io.weir.reactive.dispatch.TaskThreads;
import java.nio.ByteBuffer;

/** A handler of the fast path that is called on other threads. */
record MovedFastPath(FastPathHandler handler, TaskThreads tasks) implements FastPathHandler {

    @Override
    public boolean answer(ByteBuffer question, ByteBuffer answer) {
        return handler.answer(question, answer);
    }
}
