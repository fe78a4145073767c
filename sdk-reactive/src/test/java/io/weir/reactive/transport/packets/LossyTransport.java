package io.weir.reactive.transport.packets;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.handshake.Role;
import io.weir.core.identity.PeerId;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.transport.Association;
import io.weir.reactive.transport.DialProgress;
import io.weir.reactive.transport.Establisher;
import io.weir.reactive.transport.Handshakes;
import io.weir.reactive.transport.LinkListener;
import io.weir.reactive.transport.SessionLoop;
import io.weir.reactive.transport.Transport;
import io.weir.reactive.transport.lanes.Delays;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Another transport, on whose connections packets are lost and keep no order; see {@link LossyCarrier}. */
public final class LossyTransport implements Transport {

    private final Transport actual;
    private final Delays delays;
    private final AtomicLong seeds;

    /** @param seed from which everything follows that chance decides */
    public LossyTransport(Transport actual, Delays delays, long seed) {
        this.actual = actual;
        this.delays = delays;
        this.seeds = new AtomicLong(seed << 16);
    }

    @Override
    public String scheme() {
        return actual.scheme();
    }

    @Override
    public Mono<Establisher> dial(PeerAddress address, Duration timeout, DialProgress progress, Handshakes handshakes) {
        return actual.dial(address, timeout, progress, handshakes).map(WithPackets::new);
    }

    @Override
    public Mono<LinkListener> accept(
            PeerAddress address, Handshakes handshakes, Consumer<? super Establisher> onConnection) {
        return actual.accept(address, handshakes, connection -> onConnection.accept(new WithPackets(connection)));
    }

    @Override
    public void dispose() {
        actual.dispose();
    }

    @Override
    public Mono<Void> disposeLater() {
        return actual.disposeLater();
    }

    @Override
    public boolean isDisposed() {
        return actual.isDisposed();
    }

    private final class WithPackets implements Establisher {
        private final Establisher connection;

        WithPackets(Establisher connection) {
            this.connection = connection;
        }

        @Override
        public void start(Role role, @Nullable PeerId expected, Outcome outcome) {
            connection.start(role, expected, new Outcome() {
                @Override
                public void established(Association made) {
                    LossyCarrier carrier = new LossyCarrier(made.carrier(), delays, seeds.incrementAndGet());
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
