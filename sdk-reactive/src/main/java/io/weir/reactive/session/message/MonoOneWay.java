package io.weir.reactive.session.message;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.error.MessageNotSentException;
import io.weir.core.message.OutgoingMessage;
import io.weir.core.message.SendListener;
import io.weir.core.wire.Headers;
import io.weir.reactive.Interaction;
import io.weir.reactive.codec.Codec;
import io.weir.reactive.fault.Fault;
import io.weir.reactive.session.dispatch.Seen;
import io.weir.reactive.session.loop.ForeignCalls;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Scannable;
import reactor.core.publisher.Mono;

/** {@link io.weir.reactive.PeerCalls#send} as an assembly object. */
final class MonoOneWay<A> extends Mono<Void> {

    private final Requests requests;
    private final String name;
    private final Headers headers;
    private final A value;
    private final Codec<A> codec;

    MonoOneWay(Requests requests, String name, Headers headers, A value, Codec<A> codec) {
        this.requests = requests;
        this.name = requests.checkedName(name);
        this.headers = Objects.requireNonNull(headers, "headers");
        this.value = Objects.requireNonNull(value, "value");
        this.codec = Objects.requireNonNull(codec, "codec");
    }

    @Override
    public void subscribe(CoreSubscriber<? super Void> actual) {
        Sending<A> sending = new Sending<>(this, actual);
        actual.onSubscribe(sending);
        sending.begin();
    }

    /**
     * One subscription: the message is on its way with the subscription already, since there is no value to ask for.
     * Threads: begin and cancel on any, the rest on the loop.
     */
    static final class Sending<A> extends ForeignCalls.Call implements SendListener, Subscription, Scannable {
        private static final int LIVE = 0;
        private static final int OVER = 1;

        private final MonoOneWay<A> what;
        private final CoreSubscriber<? super Void> actual;
        private @Nullable OutgoingMessage outgoing; // written before the call crosses to the loop
        private @Nullable Seen seen; // the same
        private int payloadBytes;

        private volatile int state;

        @SuppressWarnings("rawtypes")
        private static final AtomicIntegerFieldUpdater<Sending> STATE =
                AtomicIntegerFieldUpdater.newUpdater(Sending.class, "state");

        Sending(MonoOneWay<A> what, CoreSubscriber<? super Void> actual) {
            this.what = what;
            this.actual = actual;
        }

        private void begin() {
            if (state == OVER) {
                return; // cancelled before anything happened
            }
            try {
                Seen known =
                        what.requests.see(Interaction.Kind.MESSAGE, what.name, what.headers, actual.currentContext());
                seen = known;
                byte[] payload = what.codec.toBytes(what.value);
                payloadBytes = payload.length;
                Headers headers = known == null ? what.headers : known.headers();
                outgoing = new OutgoingMessage(what.name, headers, ByteBuffer.wrap(payload), this);
            } catch (Throwable e) {
                failAtOnce(e);
                return;
            }
            if (what.requests.inLoop()) {
                what.requests.begin(this, outgoing);
            } else if (!what.requests.queue(this, outgoing, payloadBytes)) {
                fail(new MessageNotSentException(CloseReason.local(ErrorCode.TOO_MANY_REQUESTS)));
            }
        }

        /** It cannot be written: so the subscriber is told, or, if the error is fatal, that the session ends; and the caller. */
        private void failAtOnce(Throwable e) {
            boolean fatal = Fault.isFatal(e);
            fail(fatal ? new MessageNotSentException(CloseReason.local(ErrorCode.INTERNAL)) : e);
            if (fatal) {
                what.requests.thrownToCaller(e);
                throw (Error) e;
            }
        }

        @Override
        public void onLoop() {
            what.requests.begin(this, Objects.requireNonNull(outgoing));
        }

        @Override
        public void onWritten() {
            boolean wanted = STATE.getAndSet(this, OVER) == LIVE;
            if (seen != null) {
                seen.succeeded();
            }
            if (wanted) {
                Fault.tellEnd(actual, null, what.requests.faults());
            }
        }

        @Override
        public void onFailed(CloseReason reason) {
            fail(new MessageNotSentException(reason));
        }

        void fail(Throwable why) {
            boolean wanted = STATE.getAndSet(this, OVER) == LIVE;
            Throwable known = what.requests.named(why, "message", what.name);
            if (seen != null) {
                seen.failed(known);
            }
            if (wanted) {
                Fault.tellEnd(actual, known, what.requests.faults());
            }
        }

        @Override
        public void request(long n) {
            if (n <= 0) { // the message goes on
                fail(Fault.badDemand(n));
            }
        }

        @Override
        public void cancel() {
            state = OVER; // the message goes on
        }

        @Override
        @SuppressWarnings("rawtypes")
        public @Nullable Object scanUnsafe(Attr key) {
            if (key == Attr.ACTUAL) {
                return actual;
            }
            if (key == Attr.TERMINATED) {
                return state == OVER;
            }
            return key == Attr.RUN_STYLE ? Attr.RunStyle.ASYNC : null;
        }
    }
}
