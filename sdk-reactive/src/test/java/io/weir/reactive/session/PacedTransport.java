package io.weir.reactive.session;

import io.weir.core.peer.PeerAddress;
import io.weir.reactive.transport.Link;
import io.weir.reactive.transport.LinkListener;
import io.weir.reactive.transport.LinkTransport;
import io.weir.reactive.transport.SessionLoop;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxOperator;
import reactor.core.publisher.Mono;

/**
 * Gives the links of another transport a bandwidth and a distance: a record that is sent takes its time to leave, during
 * which no other is asked for, and what comes in does so after the latency. Counts what this side sends. On virtual time
 * whole seconds of bulk cost only their records.
 */
final class PacedTransport implements LinkTransport {

    private final LinkTransport transport;
    private final long bytesPerSecond;
    private Duration latency;

    private long records;
    private long bytes;

    /**
     * @param bytesPerSecond bandwidth of what is sent; {@code Long.MAX_VALUE} for any
     * @param latency until what was sent arrives here; zero leaves the links as they are, and only counts
     */
    PacedTransport(LinkTransport transport, long bytesPerSecond, Duration latency) {
        this.transport = transport;
        this.bytesPerSecond = bytesPerSecond;
        this.latency = latency;
    }

    /** From now on; what is under way is not overtaken as long as it grows. */
    void latency(Duration longer) {
        latency = longer;
    }

    /** Buffers that links of this side have sent, those of the handshake included. */
    long records() {
        return records;
    }

    long bytes() {
        return bytes;
    }

    @Override
    public String scheme() {
        return transport.scheme();
    }

    @Override
    public Mono<Link> connect(PeerAddress address, Duration timeout) {
        return transport.connect(address, timeout).map(PacedLink::new);
    }

    @Override
    public Mono<LinkListener> listen(PeerAddress address, Consumer<? super Link> onLink) {
        return transport.listen(address, link -> onLink.accept(new PacedLink(link)));
    }

    @Override
    public void dispose() {
        transport.dispose();
    }

    @Override
    public boolean isDisposed() {
        return transport.isDisposed();
    }

    @Override
    public Mono<Void> disposeLater() {
        return transport.disposeLater();
    }

    private final class PacedLink implements Link {
        private final Link link;
        private boolean leaving;
        private long leavingSinceNanos;
        private long leftNanos;

        PacedLink(Link link) {
            this.link = link;
        }

        @Override
        public Flux<ByteBuffer> inbound() {
            return latency.isZero() ? link.inbound() : new Later(link.inbound(), loop());
        }

        @Override
        public Mono<Void> send(Publisher<ByteBuffer> output) {
            return link.send(new Slower(Flux.from(output), this));
        }

        @Override
        public SessionLoop loop() {
            return link.loop();
        }

        @Override
        public SocketAddress remoteAddress() {
            return link.remoteAddress();
        }

        @Override
        public SocketAddress localAddress() {
            return link.localAddress();
        }

        @Override
        public boolean writable() {
            return !leaving && link.writable();
        }

        @Override
        public boolean isBlocked() {
            return leaving;
        }

        /** A record that leaves keeps the next one waiting. */
        @Override
        public long blockedNanos(long nowNanos) {
            return leftNanos + (leaving ? nowNanos - leavingSinceNanos : 0);
        }

        @Override
        public void closeOutput() {
            link.closeOutput();
        }

        @Override
        public void close() {
            link.close();
        }

        @Override
        public Mono<Void> onClose() {
            return link.onClose();
        }
    }

    /** Every signal after the latency; the order stays, since all are late by the same. */
    private final class Later extends FluxOperator<ByteBuffer, ByteBuffer> {
        private final SessionLoop loop;

        Later(Flux<ByteBuffer> source, SessionLoop loop) {
            super(source);
            this.loop = loop;
        }

        @Override
        public void subscribe(CoreSubscriber<? super ByteBuffer> actual) {
            source.subscribe(new CoreSubscriber<ByteBuffer>() {
                @Override
                public void onSubscribe(Subscription s) {
                    actual.onSubscribe(s);
                }

                @Override
                public void onNext(ByteBuffer chunk) {
                    ByteBuffer copy = copyOf(chunk);
                    late(() -> actual.onNext(copy));
                }

                @Override
                public void onError(Throwable e) {
                    late(() -> actual.onError(e));
                }

                @Override
                public void onComplete() {
                    late(actual::onComplete);
                }
            });
        }

        private void late(Runnable signal) {
            loop.schedule(signal, loop.nowNanos() + latency.toNanos());
        }
    }

    /** Each record when the bandwidth allows it to have left. */
    private final class Slower extends FluxOperator<ByteBuffer, ByteBuffer> {
        private final PacedLink link;

        Slower(Flux<ByteBuffer> source, PacedLink link) {
            super(source);
            this.link = link;
        }

        @Override
        public void subscribe(CoreSubscriber<? super ByteBuffer> actual) {
            source.subscribe(new CoreSubscriber<ByteBuffer>() {
                private @Nullable Runnable end;

                @Override
                public void onSubscribe(Subscription s) {
                    actual.onSubscribe(s);
                }

                @Override
                public void onNext(ByteBuffer record) {
                    records++;
                    bytes += record.remaining();
                    long nanos = bytesPerSecond == Long.MAX_VALUE
                            ? 0
                            : Math.multiplyExact(record.remaining(), 1_000_000_000L) / bytesPerSecond;
                    if (nanos == 0) {
                        actual.onNext(record);
                        return;
                    }
                    ByteBuffer copy = copyOf(record);
                    link.leaving = true;
                    link.leavingSinceNanos = link.loop().nowNanos();
                    link.loop().schedule(() -> left(copy), link.leavingSinceNanos + nanos);
                }

                private void left(ByteBuffer record) {
                    link.leaving = false;
                    link.leftNanos += link.loop().nowNanos() - link.leavingSinceNanos;
                    actual.onNext(record);
                    if (end != null) {
                        end.run();
                    }
                }

                @Override
                public void onError(Throwable e) {
                    actual.onError(e);
                }

                @Override
                public void onComplete() {
                    if (link.leaving) {
                        end = actual::onComplete;
                    } else {
                        actual.onComplete();
                    }
                }
            });
        }
    }

    private static ByteBuffer copyOf(ByteBuffer buffer) {
        ByteBuffer copy = ByteBuffer.allocate(buffer.remaining());
        copy.put(buffer).flip();
        return copy;
    }
}
