package io.weir.test.simulation;

import io.weir.core.error.ConnectException;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerSession;
import io.weir.test.network.SimulatedNetwork;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A user at one node who wants a session with another one: dials again whenever there is none, and runs its errands. */
final class Partner {

    private static final Duration PAUSE = Duration.ofMillis(200);

    final String host;
    final String peer;
    final List<Errand> errands = new ArrayList<>();
    private final SimulatedNetwork network;
    private final PeerNode node;
    private final PeerAddress address;
    private final Consumer<String> violations;
    private @Nullable PeerSession session;
    private boolean leaving;
    private int sessions;
    private int failures;

    Partner(SimulatedNetwork network, String host, PeerNode node, String peer, Consumer<String> violations) {
        this.network = network;
        this.host = host;
        this.node = node;
        this.peer = peer;
        this.violations = violations;
        address = network.address(peer);
    }

    void connect() {
        if (!leaving) {
            node.connect(address).subscribe(this::connected, this::failed);
        }
    }

    private void connected(PeerSession ready) {
        session = ready;
        sessions++;
        ready.onClose().subscribe(reason -> network.after(PAUSE, this::connect));
        errands.forEach(errand -> errand.begin(ready));
    }

    private void failed(Throwable e) {
        failures++;
        if (!(e instanceof ConnectException)) {
            violations.accept("connecting fails with a type: " + e);
        }
        network.after(PAUSE, this::connect);
    }

    /** The session, if it lives as far as this side knows. */
    @Nullable
    PeerSession live() {
        PeerSession s = session;
        return s == null || s.isDisposed() ? null : s;
    }

    void leave() {
        leaving = true;
    }

    int sessions() {
        return sessions;
    }

    boolean isDone() {
        return live() != null && errands.stream().allMatch(Errand::isDone);
    }

    @Override
    public String toString() {
        return host + " with " + peer + ", " + sessions + " sessions and " + failures + " failures: " + session
                + (live() == null ? " (over)" : "") + ", to do "
                + errands.stream().filter(errand -> !errand.isDone()).toList();
    }
}
