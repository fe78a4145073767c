package io.weir.reactive.session.stream;

import io.weir.core.error.CodecException;
import io.weir.reactive.HandlerError;
import org.jspecify.annotations.Nullable;

/**
 * What a stream tells of the handler that has it: what the handler throws, once, also if the publisher that it sends fails
 * with the same, and not what it only passes on of how Weir said that a half ended.
 */
final class HandledStream {

    private final LiveStream stream;
    private boolean handled; // on the loop
    private volatile @Nullable Throwable told;

    HandledStream(LiveStream stream) {
        this.stream = stream;
    }

    /** A handler declared on the node has it. Loop only. */
    void onHandled() {
        handled = true;
    }

    /** The handler has failed, unless all it does is to pass on how Weir said that a half ended. Any thread. */
    void onHandlerFailed(Throwable e) {
        boolean toldHere = e == stream.outbound.cutOff() || e == stream.inbound.failure();
        if (e instanceof CodecException || !toldHere) {
            tell(HandlerError.Kind.STREAM, e);
        }
    }

    /** What a handler sends has failed; the handler has mostly passed it on by now. Loop only. */
    void onPublisherFailed(Throwable e) {
        if (handled) {
            tell(HandlerError.Kind.PUBLISHER, e);
        }
    }

    private void tell(HandlerError.Kind kind, Throwable e) {
        if (e != told) {
            told = e;
            stream.session.handlerFailed(kind, stream.open().name(), e);
        }
    }
}
