package io.weir.reactive.session.stream;

import io.weir.core.error.ErrorCode;
import io.weir.core.error.RequestRefusedException;
import io.weir.core.wire.Headers;
import io.weir.reactive.Interaction;
import io.weir.reactive.StreamHandler;
import io.weir.reactive.fault.Fault;
import io.weir.reactive.session.dispatch.HandlerCall;
import io.weir.reactive.session.dispatch.SessionDispatch;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;

/**
 * What the handler of a stream does, from its call to the end of what it returned; then the stream may live on. It is not
 * cancelled with the stream: what the handler does behind its last element is its own to finish, and keeps its place until then.
 */
final class StreamWork extends HandlerCall<Void> {

    private final LiveStream stream;
    private final StreamHandler handler;
    private @Nullable Throwable failure; // written before it crosses to the loop

    StreamWork(LiveStream stream, SessionDispatch dispatch, StreamHandler handler) {
        super(dispatch);
        this.stream = stream;
        this.handler = handler;
    }

    @Override
    protected Interaction.Kind kind() {
        return Interaction.Kind.STREAM;
    }

    @Override
    protected String name() {
        return stream.open().name();
    }

    @Override
    protected Headers sentHeaders() {
        return stream.open().headers();
    }

    @Override
    protected Publisher<Void> call() {
        stream.handled.onHandled();
        return handler.handle(new StreamHandle(stream, seenHeaders()));
    }

    @Override
    protected boolean endsWithValue() {
        return false;
    }

    @Override
    protected void onFailed(Throwable e) {
        stream.handled.onHandlerFailed(e);
    }

    @Override
    protected void onResult(@Nullable Void nothing, @Nullable Throwable e, boolean inLoop) {
        failure = e;
    }

    @Override
    protected void onLoop() {
        Throwable e = failure;
        if (e == null) {
            stream.ends.onHandlerDone();
        } else {
            stream.ends.fail(codeOf(e), Fault.saidHere(e));
        }
        leave();
    }

    /** A handler that was moved to threads that take nothing more is as busy as one without a place. */
    private static ErrorCode codeOf(Throwable e) {
        return e instanceof RequestRefusedException refused ? refused.reason().error() : Feed.codeOf(e);
    }
}
