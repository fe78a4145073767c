package io.weir.test.network;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ConnectException;
import io.weir.core.error.ErrorCode;
import io.weir.core.error.ListenException;
import io.weir.core.path.PathAddress;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.transport.DatagramSocket;
import io.weir.reactive.transport.DatagramTransport;
import io.weir.reactive.transport.DialProgress;
import io.weir.reactive.transport.SessionLoop;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** The ports of a host for datagrams, at addresses of scheme {@code udp} whose names are those of hosts. */
final class SimulatedDatagrams implements DatagramTransport {

    /** The ports that the system chooses lie below those that a NAT gives ({@link SimulatedNetwork#changePort}). */
    private static final int FIRST_CHOSEN = 32_768;

    private static final int LAST_CHOSEN = 49_151;

    private final SimulatedNetwork network;
    private final Host host;
    private final Set<SimulatedSocket> sockets = new LinkedHashSet<>();
    private boolean disposed;

    SimulatedDatagrams(SimulatedNetwork network, Host host) {
        this.network = network;
        this.host = host;
    }

    @Override
    public String scheme() {
        return PeerAddress.UDP;
    }

    @Override
    public Mono<DatagramSocket> bind(PeerAddress address) {
        check(address);
        return Mono.fromCallable(() -> {
            if (disposed) {
                throw refusedToListen("the transport is disposed");
            }
            if (!address.host().equals(host.name())) {
                throw refusedToListen(address + " is not one of " + host);
            }
            DatagramSocket socket = address.port() == 0 ? free() : at(address.port());
            if (socket == null) {
                throw refusedToListen(address + " is taken");
            }
            return socket;
        });
    }

    @Override
    public Mono<DatagramSocket> open() {
        return Mono.fromCallable(() -> {
            DatagramSocket socket = disposed ? null : free();
            if (socket == null) {
                String why = disposed ? "the transport is disposed" : "no port of " + host + " is free";
                throw new ConnectException(CloseReason.local(ErrorCode.CONNECT_FAILED, why));
            }
            return socket;
        });
    }

    @Override
    public Mono<List<PathAddress>> resolve(PeerAddress address, Duration timeout, DialProgress progress) {
        check(address);
        return Mono.fromSupplier(() -> {
            String there = network.host(Host.nameOf(address.host())).address();
            return List.of(network.addresses().path(there, address.port()));
        });
    }

    private @Nullable DatagramSocket free() {
        for (int port = FIRST_CHOSEN; port <= LAST_CHOSEN; port++) {
            DatagramSocket socket = at(port);
            if (socket != null) {
                return socket;
            }
        }
        return null;
    }

    private @Nullable DatagramSocket at(int port) {
        DatagramEndpoint endpoint = network.bindIfFree(host, port);
        if (endpoint == null) {
            return null;
        }
        SimulatedSocket socket = new SimulatedSocket(network, endpoint, SessionLoop.on(host.scheduler()));
        sockets.add(socket);
        socket.onClose().subscribe(null, null, () -> sockets.remove(socket));
        return socket;
    }

    @Override
    public void dispose() {
        disposed = true;
        List.copyOf(sockets).forEach(SimulatedSocket::close);
    }

    @Override
    public Mono<Void> disposeLater() {
        return Mono.defer(() -> {
            Mono<Void> closed =
                    Mono.when(sockets.stream().map(SimulatedSocket::onClose).toList());
            dispose();
            return closed;
        });
    }

    @Override
    public boolean isDisposed() {
        return disposed;
    }

    private static void check(PeerAddress address) {
        if (!address.scheme().equals(PeerAddress.UDP)) {
            throw new IllegalArgumentException("address is " + address + ", must be udp://host:port");
        }
    }

    private static ListenException refusedToListen(String why) {
        return new ListenException(CloseReason.local(ErrorCode.BIND_FAILED, why), new IllegalStateException(why));
    }
}
