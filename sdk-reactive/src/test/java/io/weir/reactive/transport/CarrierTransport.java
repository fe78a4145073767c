package io.weir.reactive.transport;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.handshake.HandshakeStage;
import io.weir.core.handshake.Role;
import io.weir.core.identity.PeerId;
import io.weir.core.peer.PeerAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Another transport, on whose connections something stands between the session and the carrier. */
public abstract class CarrierTransport implements Transport {

    private final Transport actual;
    private final AtomicLong seeds;

    /** @param seed from which everything follows that chance decides */
    protected CarrierTransport(Transport actual, long seed) {
        this.actual = actual;
        this.seeds = new AtomicLong(seed << 16);
    }

    /**
     * What the session gets in place of its carrier.
     *
     * @param seed another one for each connection
     */
    protected abstract Carrier over(Carrier actual, long seed);

    @Override
    public final String scheme() {
        return actual.scheme();
    }

    @Override
    public final Mono<Establisher> dial(
            PeerAddress address, Duration timeout, DialProgress progress, Handshakes handshakes) {
        return actual.dial(address, timeout, progress, handshakes).map(WithCarrier::new);
    }

    @Override
    public final Mono<LinkListener> accept(
            PeerAddress address, Handshakes handshakes, Consumer<? super Establisher> onConnection) {
        return actual.accept(address, handshakes, connection -> onConnection.accept(new WithCarrier(connection)));
    }

    @Override
    public final void dispose() {
        actual.dispose();
    }

    @Override
    public final Mono<Void> disposeLater() {
        return actual.disposeLater();
    }

    @Override
    public final boolean isDisposed() {
        return actual.isDisposed();
    }

    private final class WithCarrier implements Establisher {
        private final Establisher connection;

        WithCarrier(Establisher connection) {
            this.connection = connection;
        }

        @Override
        public void start(Role role, @Nullable PeerId expected, Outcome outcome) {
            connection.start(role, expected, new Outcome() {
                @Override
                public void established(Association made) {
                    Carrier carrier = over(made.carrier(), seeds.incrementAndGet());
                    outcome.established(new Association(made.peer(), carrier, made.remoteAddress(), made.transport()));
                }

                @Override
                public void failed(CloseReason reason) {
                    outcome.failed(reason);
                }
            });
        }

        @Override
        public SessionLoop loop() {
            return connection.loop();
        }

        @Override
        public SocketAddress remoteAddress() {
            return connection.remoteAddress();
        }

        @Override
        public String transport() {
            return connection.transport();
        }

        @Override
        public HandshakeStage stage() {
            return connection.stage();
        }

        @Override
        public void abort(ErrorCode code) {
            connection.abort(code);
        }

        @Override
        public void refuse(ErrorCode code) {
            connection.refuse(code);
        }

        @Override
        public void close() {
            connection.close();
        }

        @Override
        public Mono<Void> onClose() {
            return connection.onClose();
        }

        @Override
        public String toString() {
            return connection.toString();
        }
    }
}
