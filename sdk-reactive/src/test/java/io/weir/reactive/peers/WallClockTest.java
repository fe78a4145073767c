package io.weir.reactive.peers;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.peer.ConnectionPolicy;
import io.weir.core.peer.PreferredInitiator;
import io.weir.reactive.ManagedPeer;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerState;
import io.weir.reactive.WantedPeer;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;

/** Times that are told, where the scheduler counts nanoseconds from one origin and milliseconds from another, as most do. */
class WallClockTest {

    private static final Duration WAIT = Duration.ofSeconds(7);
    private static final Instant WALL = Instant.parse("2026-02-03T04:05:06.789Z");

    @Test
    void untilIsByTheWallClock() {
        try (PeersKit kit = new PeersKit()) {
            kit.advance(Duration.ofNanos(1_234_567_891));
            PeerNode keeper = kit.start("keeper", spec -> spec.scheduler(new Apart(kit.time)));

            ManagedPeer peer = keeper.peers()
                    .add(WantedPeer.of(kit.identity("other").peerId(), PeersKit.at("other"))
                            .withPolicy(ConnectionPolicy.defaults()
                                    .withInitiator(PreferredInitiator.PEER)
                                    .withAwaitInbound(WAIT)));
            kit.settle();

            assertThat(peer.state())
                    .isInstanceOfSatisfying(
                            PeerState.AwaitingInbound.class,
                            state -> assertThat(state.until())
                                    .isBetween(
                                            WALL.plus(WAIT).minusMillis(2),
                                            WALL.plus(WAIT).plusMillis(2)));
        }
    }

    /** The scheduler of the test, whose wall clock stands at {@link #WALL}. */
    private record Apart(Scheduler time) implements Scheduler {
        @Override
        public long now(TimeUnit unit) {
            return unit.compareTo(TimeUnit.MILLISECONDS) < 0
                    ? time.now(unit)
                    : unit.convert(WALL.toEpochMilli(), TimeUnit.MILLISECONDS);
        }

        @Override
        public Disposable schedule(Runnable task) {
            return time.schedule(task);
        }

        @Override
        public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
            return time.schedule(task, delay, unit);
        }

        @Override
        public Worker createWorker() {
            return time.createWorker();
        }
    }
}
