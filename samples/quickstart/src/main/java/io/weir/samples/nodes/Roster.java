package io.weir.samples.nodes;

import io.weir.Weir;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.ConnectionInfo;
import io.weir.reactive.ManagedPeer;
import io.weir.reactive.PeerNode;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A node that keeps two peers connected, shows its connections, lets go of everybody, and goes on. */
public final class Roster {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private Roster() {}

    public static void main(String[] args) {
        runNow(System.out::println);
    }

    static void runNow(Consumer<String> log) {
        PeerNode alice = Weir.node().listen(PeerAddress.tcp("127.0.0.1", 0)).startNow(PATIENCE);
        PeerNode bob = Weir.node().listen(PeerAddress.tcp("127.0.0.1", 0)).startNow(PATIENCE);
        PeerNode keeper = Weir.node().startNow(PATIENCE);
        List<PeerAddress> addresses =
                List.of(alice.addresses().get(0), bob.addresses().get(0));

        Flux.fromIterable(keeper.peers().connectAll(addresses))
                .flatMap(ManagedPeer::session)
                .blockLast(PATIENCE);
        keeper.connections().forEach(connection -> log.accept(shown(connection)));
        log.accept("bob is found: "
                + keeper.connection(addresses.get(1))
                        .map(ConnectionInfo::peer)
                        .filter(bob.id()::equals)
                        .isPresent());

        keeper.peers().disconnectAll(PATIENCE).block(PATIENCE);
        log.accept("connections left: " + keeper.connections().size() + ", wanted: "
                + keeper.peers().list().size());
        log.accept("and again: " + keeper.connectNow(addresses.get(0), PATIENCE).state());

        Mono.when(keeper.close(), alice.close(), bob.close()).block(PATIENCE);
    }

    private static String shown(ConnectionInfo connection) {
        boolean fresh = Duration.between(connection.since(), connection.lastHeard())
                        .abs()
                        .compareTo(PATIENCE)
                < 0;
        return connection.transport() + " " + connection.direction() + " " + connection.state() + ", heard lately: "
                + fresh;
    }
}
