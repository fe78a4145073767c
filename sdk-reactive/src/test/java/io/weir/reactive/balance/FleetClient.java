package io.weir.reactive.balance;

import io.weir.core.balance.PeerSelector;
import io.weir.core.peer.Backoff;
import io.weir.core.peer.ConnectionPolicy;
import io.weir.core.stream.StreamConfig;
import io.weir.reactive.Balancing;
import io.weir.reactive.ConnectionManager.PeerChange;
import io.weir.reactive.PeerGroup;
import io.weir.reactive.SessionState;
import io.weir.reactive.StreamOpen;
import io.weir.reactive.codec.Codec;
import io.weir.reactive.operator.PeerRetry;
import io.weir.reactive.operator.Reconnect;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Sinks;

/** A client of the simulation: it keeps each server connected, asks some five times in a second, and keeps streams open. */
final class FleetClient {

    static final int STREAMS = 10;
    private static final Duration MAX_STREAM_AGE = Duration.ofSeconds(20);
    private static final long MEAN_PAUSE_MICROS = 200_000;
    private static final Backoff BACKOFF = Backoff.defaults();
    private static final Codec<String> TEXT = Codec.utf8();

    private final Fleet fleet;
    private final List<FakePeer> peers = new ArrayList<>();
    private final Sinks.Many<PeerChange> changes = Sinks.many().unicast().onBackpressureBuffer();
    private final @Nullable FakeSession[] connected = new FakeSession[Fleet.SERVERS];
    private final PeerGroup group;
    private final Disposable.Composite open = Disposables.composite();

    FleetClient(Fleet fleet, PeerSelector selector) {
        this.fleet = fleet;
        fleet.servers.forEach(server -> peers.add(new FakePeer(FakePeer.id(server.number))));
        Balancing balancing = Balancing.defaults().withSelector(selector).withMaxStreamAge(MAX_STREAM_AGE);
        group = BalancedGroup.of(
                changes.asFlux(),
                balancing,
                new GroupSettings(
                        fleet.time, Duration.ofSeconds(10), Duration.ofSeconds(1), 256, fleet.random::nextDouble));
    }

    void begin() {
        fleet.in(pauseMicros(), this::ask);
        PeerRetry retry =
                PeerRetry.of(ConnectionPolicy.defaults()).on(fleet.time).jitter(fleet.random::nextDouble);
        for (int i = 0; i < STREAMS; i++) {
            open.add(Reconnect.<String>stream(
                            group,
                            (session, resume) ->
                                    session.subscribe(StreamOpen.named("quotes"), StreamConfig.reliable(), TEXT),
                            retry)
                    .subscribe());
        }
    }

    private void ask() {
        int id = fleet.nextRequest();
        group.request("route", id, Fleet.NUMBER, Fleet.NUMBER)
                .subscribe(answer -> fleet.answered(id, answer), e -> fleet.failed(id, e), () -> fleet.ended(id));
        if (!fleet.isEnding()) {
            fleet.in(pauseMicros(), this::ask);
        }
    }

    private long pauseMicros() {
        return (long) (-MEAN_PAUSE_MICROS * Math.log(1 - fleet.random.nextDouble()));
    }

    void end() {
        open.dispose();
    }

    // ---- connections

    void dialSoon(FleetServer server) {
        dialAfter(server, 1);
    }

    void lost(FleetServer server) {
        changes.tryEmitNext(peers.get(server.number).lost()).orThrow();
        dialAfter(server, 1);
    }

    private void dialAfter(FleetServer server, long failures) {
        fleet.in(BACKOFF.delayNanos(failures, fleet.random.nextDouble()) / 1_000, () -> {
            if (server.isUp() && !isConnected(server)) {
                FakeSession session = server.accept(this);
                connected[server.number] = session;
                changes.tryEmitNext(peers.get(server.number).ready(session)).orThrow();
            }
        });
    }

    private boolean isConnected(FleetServer server) {
        FakeSession session = connected[server.number];
        return session != null && session.state() == SessionState.READY;
    }
}
