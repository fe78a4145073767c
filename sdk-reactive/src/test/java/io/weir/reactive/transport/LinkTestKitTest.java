package io.weir.reactive.transport;

import static io.weir.reactive.transport.LinkTestKit.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.peer.PeerAddress;
import io.weir.reactive.transport.LinkTestKit.Accepted;
import io.weir.reactive.transport.LinkTestKit.Pair;
import io.weir.reactive.transport.memory.MemoryNetwork;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

@Timeout(60)
class LinkTestKitTest {

    private static final int LINKS = 200_000;

    /** Its thread must not block, and BlockHound sees to it. */
    private final Scheduler scheduler = Schedulers.newSingle("loop");

    @AfterEach
    void dispose() {
        scheduler.dispose();
    }

    /** A blocking queue with a lock failed here within some thousands, and the test that waited at it hung. */
    @Test
    void aLoopHandsOverWhileSomebodyWaitsAndNeverBlocks() {
        Pair pair = LinkTestKit.pair(MemoryNetwork.on(scheduler).transport(), PeerAddress.memory("somewhere"));
        Link link = pair.accepted();
        Accepted accepted = new Accepted();

        var handingOver = Flux.range(0, LINKS)
                .publishOn(scheduler, 1)
                .concatMap(i -> Flux.<Integer>create(sink -> link.loop().execute(() -> {
                    try {
                        accepted.add(link);
                        sink.complete();
                    } catch (Throwable e) {
                        sink.error(e);
                    }
                })))
                .then()
                .toFuture();
        for (int i = 0; i < LINKS; i++) {
            assertThat(accepted.next()).isSameAs(link);
        }

        assertThat(handingOver).succeedsWithin(PATIENCE);
    }
}
