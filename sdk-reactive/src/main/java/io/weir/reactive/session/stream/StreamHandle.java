package io.weir.reactive.session.stream;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.error.PayloadTooLargeException;
import io.weir.core.stream.StreamConfig;
import io.weir.core.stream.StreamEpoch;
import io.weir.core.stream.StreamId;
import io.weir.core.stream.StreamStats;
import io.weir.core.wire.Headers;
import io.weir.reactive.PeerSession;
import io.weir.reactive.PeerStream;
import io.weir.reactive.StreamOpen;
import io.weir.reactive.TrySend;
import io.weir.reactive.codec.Codec;
import io.weir.reactive.codec.CodecContract;
import io.weir.reactive.fault.Barrier;
import io.weir.reactive.session.loop.SessionContext;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Scheduler;
import reactor.util.concurrent.Queues;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/** What a user holds of a stream. Does nothing until its first use, which binds it to a {@link LiveStream} for good. */
final class StreamHandle implements PeerStream {

    private final Streams streams;
    private final SessionContext session;
    private final StreamId id;
    private final StreamOpen open;
    private final StreamConfig config;
    private final AtomicReference<@Nullable LiveStream> bound;
    private final @Nullable Scheduler receiveOn;

    /** Whether its first use is shown to the node's interceptors. */
    private final boolean intercepted;

    StreamHandle(Streams streams, StreamId id, StreamOpen open, StreamConfig config, boolean intercepted) {
        this(streams, id, open, config, new AtomicReference<>(), null, intercepted);
    }

    /** A handle on a stream that lives already. */
    StreamHandle(LiveStream live) {
        this(live, live.open().headers());
    }

    /** The same, which shows these headers. */
    StreamHandle(LiveStream live, Headers headers) {
        this(
                live.streams,
                live.id,
                live.open().withHeaders(headers),
                live.config(),
                new AtomicReference<>(live),
                null,
                false);
    }

    private StreamHandle(
            Streams streams,
            StreamId id,
            StreamOpen open,
            StreamConfig config,
            AtomicReference<@Nullable LiveStream> bound,
            @Nullable Scheduler receiveOn,
            boolean intercepted) {
        this.streams = streams;
        this.session = streams.session();
        this.id = id;
        this.open = open;
        this.config = config;
        this.bound = bound;
        this.receiveOn = receiveOn;
        this.intercepted = intercepted;
    }

    @Override
    public StreamId id() {
        return id;
    }

    @Override
    public String name() {
        return open.name();
    }

    @Override
    public Headers headers() {
        return open.headers();
    }

    @Override
    public PeerSession session() {
        return session.peerSession();
    }

    @Override
    public StreamConfig config() {
        LiveStream live = bound.get();
        return live == null ? config : live.config();
    }

    @Override
    public <T> Mono<Void> send(Publisher<? extends T> source, Codec<T> codec) {
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(codec, "codec");
        return new MonoSend<>(this, source, codec);
    }

    @Override
    public <T> TrySend trySend(T value, Codec<T> codec) {
        Objects.requireNonNull(value, "value");
        Objects.requireNonNull(codec, "codec");
        LiveStream live = bindOrTell();
        OfferFeed offers = OfferFeed.of(live);
        if (session.peerSession().isDisposed() || live.outbound.isClosing()) {
            return TrySend.NOT_CONNECTED;
        }
        ByteBuffer encoded;
        try {
            encoded = CodecContract.encode(codec, value);
        } catch (Throwable e) {
            session.thrownToCaller(e);
            live.named(e);
            throw e;
        }
        // a copy: the caller may change what it handed in as soon as this returns
        ByteBuffer payload = ByteBuffer.allocate(encoded.remaining())
                .put(encoded.duplicate())
                .flip();
        try {
            return offers.offer(payload);
        } catch (PayloadTooLargeException e) {
            throw live.named(e);
        }
    }

    @Override
    public Mono<Void> sendable() {
        return Barrier.mono(Mono.create(this::awaitRoom), session);
    }

    private void awaitRoom(MonoSink<Void> sink) {
        LiveStream live = bound.get();
        Feed feed = live == null ? null : live.outbound.feed();
        if (feed instanceof OfferFeed offers) {
            offers.awaitRoom(sink);
        } else if (feed == null) {
            sink.success(); // trySend has refused nothing
        } else {
            sink.error(new IllegalStateException(
                    "the sending half of " + this + " is fed by send; trySend cannot be used beside it"));
        }
    }

    @Override
    public <T> Flux<T> receive(Codec<T> codec) {
        Objects.requireNonNull(codec, "codec");
        Flux<T> elements = Flux.deferContextual(context -> bind(context).inbound.receive(codec));
        return receiveOn == null
                ? elements
                : Barrier.flux(elements.publishOn(receiveOn, Queues.SMALL_BUFFER_SIZE), session);
    }

    @Override
    public PeerStream receiveOn(Scheduler scheduler) {
        return new StreamHandle(streams, id, open, config, bound, scheduler, intercepted);
    }

    @Override
    public Mono<Void> close() {
        return Mono.defer(() -> bindOrEnd().close(session.limits().drainTimeout()));
    }

    @Override
    public void dispose() {
        LiveStream live = bindOrEnd();
        session.run(() -> live.ends.abort(ErrorCode.STREAM_CLOSED));
    }

    @Override
    public boolean isDisposed() {
        LiveStream live = bound.get();
        return live == null ? session.peerSession().isDisposed() : live.isOver();
    }

    @Override
    public StreamStats stats() {
        LiveStream live = bound.get();
        return live == null ? LiveStream.NEVER_OPENED : live.stats();
    }

    @Override
    public long epoch() {
        LiveStream live = bound.get();
        StreamEpoch opened = live == null ? null : live.epoch();
        return opened == null ? 0 : opened.epoch();
    }

    @Override
    public Instant lastActivity() {
        LiveStream live = bound.get();
        StreamEpoch opened = live == null ? null : live.epoch();
        return opened == null
                ? session.readySince()
                : session.loop().instant(opened.stats().lastActivityNanos());
    }

    @Override
    public Optional<CloseReason> closeReason() {
        LiveStream live = bound.get();
        return Optional.ofNullable(live == null ? session.endReason() : live.ends.sendingReason());
    }

    @Override
    public String toString() {
        return "stream " + id + " \"" + open.name() + "\" on " + session;
    }

    /** @param context of the first use */
    private LiveStream bind(ContextView context) {
        LiveStream live = bound.get();
        if (live != null) {
            return live;
        }
        return intercepted
                ? streams.bindSeen(id, open, config, bound, Context.of(context))
                : streams.bind(id, open, config, bound);
    }

    /** The same, where an interceptor that throws does so to the caller. */
    private LiveStream bindOrTell() {
        try {
            return bind(Context.empty());
        } catch (Throwable e) {
            session.thrownToCaller(e);
            throw e;
        }
    }

    /** The stream that it was used for; if it was not, it is bound to one that is over. */
    private LiveStream bindOrEnd() {
        LiveStream live = bound.get();
        if (live == null) {
            live = LiveStream.neverUsed(streams, id, open, config);
            if (!bound.compareAndSet(null, live)) {
                live = Objects.requireNonNull(bound.get());
            }
        }
        return live;
    }

    /** {@code send} as an assembly object. */
    private static final class MonoSend<T> extends Mono<Void> {
        private final StreamHandle handle;
        private final Publisher<? extends T> source;
        private final Codec<T> codec;

        MonoSend(StreamHandle handle, Publisher<? extends T> source, Codec<T> codec) {
            this.handle = handle;
            this.source = source;
            this.codec = codec;
        }

        @Override
        public void subscribe(CoreSubscriber<? super Void> actual) {
            LiveStream live;
            try {
                live = handle.bind(actual.currentContext());
            } catch (Throwable e) {
                handle.session.thrownToCaller(e);
                Operators.error(actual, e);
                return;
            }
            SendFeed<T> feed = new SendFeed<>(live, source, codec, actual);
            if (!live.outbound.attach(feed)) {
                Operators.error(
                        actual,
                        new IllegalStateException(
                                "the sending half of " + handle + " is fed already; merge the publishers instead"));
                return;
            }
            actual.onSubscribe(feed);
            handle.session.run(() -> {
                if (!live.outbound.isOver() || live.isUnclaimed()) {
                    live.activate();
                }
                live.outbound.start(feed);
            });
        }
    }
}
