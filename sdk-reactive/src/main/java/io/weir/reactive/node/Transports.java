package io.weir.reactive.node;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.transport.Establisher;
import io.weir.reactive.transport.Handshakes;
import io.weir.reactive.transport.LinkListener;
import io.weir.reactive.transport.TcpOptions;
import io.weir.reactive.transport.Transport;
import io.weir.reactive.transport.UdpOptions;
import io.weir.reactive.transport.netty.SocketFailure;
import io.weir.reactive.transport.quic.QuicLibrary;
import io.weir.reactive.transport.quic.QuicTransport;
import io.weir.reactive.transport.tcp.TcpTransport;
import io.weir.reactive.transport.udp.UdpTransport;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The transports of one node: those given to its spec, which stay their owner's, and those it makes when needed. */
final class Transports {

    private static final Set<String> MADE_HERE = Set.of(PeerAddress.TCP, PeerAddress.UDP, PeerAddress.QUIC);

    private final Map<String, Transport> given;
    private final TcpOptions tcpOptions;
    private final UdpOptions udpOptions;
    private final Map<String, Transport> own = new ConcurrentHashMap<>();

    Transports(NodeSpec spec) {
        given = spec.transports();
        tcpOptions = spec.tcpOptions();
        udpOptions = spec.udpOptions();
    }

    /** Whether a node given these has to do with other processes: not where they replace sockets, and are nothing else. */
    static boolean openSockets(Map<String, Transport> given) {
        return given.isEmpty()
                || given.get(PeerAddress.TCP) instanceof TcpTransport
                || given.get(PeerAddress.UDP) instanceof UdpTransport
                || given.get(PeerAddress.QUIC) instanceof QuicTransport;
    }

    /**
     * The transport for an address.
     *
     * @throws IllegalArgumentException if there is none for its scheme
     * @throws io.weir.core.error.ListenException if what it needs is not on the class path
     */
    Transport forAddress(PeerAddress address) {
        String scheme = address.scheme();
        Transport chosen = given.get(scheme);
        if (chosen == null && PeerAddress.TCP.equals(scheme)) {
            chosen = own.computeIfAbsent(scheme, s -> TcpTransport.create(tcpOptions));
        }
        if (chosen == null && PeerAddress.UDP.equals(scheme)) {
            chosen = own.computeIfAbsent(scheme, s -> UdpTransport.create(udpOptions));
        }
        if (chosen == null && PeerAddress.QUIC.equals(scheme)) {
            IOException missing = QuicLibrary.missing();
            if (missing != null) {
                throw SocketFailure.listening(address, missing);
            }
            chosen = own.computeIfAbsent(scheme, s -> QuicTransport.create(udpOptions));
        }
        if (chosen == null) {
            throw new IllegalArgumentException(unknown(address));
        }
        return chosen;
    }

    /**
     * Cold: what has to be loaded before anything of that place is bound, so that nobody meets a port of which a part is missing. Fails
     * with {@link io.weir.core.error.ListenException} where it cannot be.
     */
    Mono<Void> prepare(ListenPlace place, Handshakes handshakes) {
        return Flux.fromIterable(place.addresses())
                .filter(address -> address.scheme().equals(PeerAddress.QUIC))
                .concatMap(address -> forAddress(address) instanceof QuicTransport quic
                        ? quic.prepare(handshakes).onErrorMap(e -> SocketFailure.listening(address, e))
                        : Mono.<Void>empty())
                .then();
    }

    /**
     * Cold: listens at one address of a place.
     *
     * @param address with the number that the place has got
     */
    Mono<LinkListener> accept(
            ListenPlace place, PeerAddress address, Handshakes handshakes, Consumer<? super Establisher> onConnection) {
        return Mono.defer(() -> {
            Transport transport = forAddress(address);
            if (place.sharesDatagrams()
                    && transport instanceof QuicTransport quic
                    && forAddress(PeerAddress.udp(address.host(), address.port())) instanceof UdpTransport udp) {
                return quic.acceptBeside(udp, address, handshakes, onConnection);
            }
            return transport.accept(address, handshakes, onConnection);
        });
    }

    /** Why nobody can be dialled at an address; null if it can be tried. */
    @Nullable
    String whyNotDialled(PeerAddress address) {
        String scheme = address.scheme();
        if (!given.containsKey(scheme) && !MADE_HERE.contains(scheme)) {
            return unknown(address);
        }
        IOException missing =
                PeerAddress.QUIC.equals(scheme) && !given.containsKey(scheme) ? QuicLibrary.missing() : null;
        if (missing != null) {
            return missing.getMessage();
        }
        return address.port() == 0 && !PeerAddress.MEMORY.equals(scheme)
                ? "port is 0, must be 1..65535 to be dialled: " + address
                : null;
    }

    private String unknown(PeerAddress address) {
        return "no transport for " + address + "; there are tcp, udp, quic and " + given.keySet();
    }

    /** Ends those that the node made; QUIC before the datagrams, whose socket it may have borrowed. */
    Mono<Void> disposeLater() {
        return Mono.justOrEmpty(own.get(PeerAddress.QUIC))
                .flatMap(Transport::disposeLater)
                .thenMany(Flux.fromIterable(own.values()))
                .flatMap(Transport::disposeLater)
                .then();
    }

    static CloseReason closed() {
        return CloseReason.local(ErrorCode.NODE_CLOSED, "this node is closed");
    }
}
