package io.weir.test.rogue;

import static io.weir.test.rogue.Victim.assertAlive;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.error.ErrorCode;
import io.weir.core.wire.CreditFrame;
import io.weir.core.wire.Frame;
import io.weir.core.wire.Hello;
import io.weir.core.wire.StreamFrame;
import io.weir.core.wire.VarInt;
import io.weir.reactive.NodeLimits;
import io.weir.reactive.PeerNodeSpec;
import io.weir.reactive.codec.Codec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

/** Errors that wait behind elements of which the peer takes none. */
class RogueErrorsTest {

    private static final Duration DRAIN_TIMEOUT = NodeLimits.defaults().drainTimeout();
    private static final long WINDOW = 10_000;

    private final AtomicLong emitted = new AtomicLong();
    private final AtomicLong discarded = new AtomicLong();

    @Test
    void holdsNoMoreForErrorsBehindFullWindowsThanForCompletions() {
        Held completions;
        try (Victim victim = Victim.start(spec -> serving(spec, Flux.empty()));
                RoguePeer rogue = rogue(victim)) {
            completions = new Hoarder(rogue).openAll(victim);
            victim.advance(DRAIN_TIMEOUT);
            assertAlive(rogue);
        }
        emitted.set(0);
        discarded.set(0);

        try (Victim victim =
                        Victim.start(spec -> serving(spec, Flux.error(new IllegalStateException("as it should"))));
                RoguePeer rogue = rogue(victim)) {
            Hoarder hoarder = new Hoarder(rogue);
            Held errors = hoarder.openAll(victim);
            assertThat(errors).isEqualTo(completions);
            assertThat(errors.streams).isGreaterThan(16);
            assertThat(errors.elements).as("those for which credit lacks").isGreaterThan(errors.streams);

            for (int round = 0; round < 5; round++) {
                victim.advance(DRAIN_TIMEOUT.plusSeconds(1));
                hoarder.hear();
                assertThat(hoarder.reset).hasSize(errors.streams);
                assertThat(hoarder.held()).as("after the drain time-out").isZero();
                hoarder.answer();
                Held again = hoarder.openAll(victim);
                assertThat(again.streams).isEqualTo(errors.streams);
                assertThat(again.elements).isEqualTo(errors.elements);
                assertThat(again.timers).isEqualTo(errors.timers);
            }
            assertAlive(rogue);
        }
    }

    private static RoguePeer rogue(Victim victim) {
        return victim.rogue().session(Hello.defaults().withInitialWindow(WINDOW).withOpenLimit(VarInt.MAX));
    }

    /** The small ones let the node ask for all the others, which do not fit the window. */
    private PeerNodeSpec serving(PeerNodeSpec spec, Flux<byte[]> end) {
        Flux<byte[]> burst =
                Flux.range(0, 120).map(i -> new byte[i < 100 ? 0 : 1_000]).doOnNext(value -> emitted.incrementAndGet());
        return spec.onStream(
                "burst",
                stream -> stream.send(burst.concatWith(end), Codec.bytes())
                        .doOnDiscard(byte[].class, value -> discarded.incrementAndGet()));
    }

    private record Held(int streams, long elements, long reservedBytes, int timers) {}

    /** Opens whatever it may, sends nothing itself, reads all, and takes nothing. */
    private final class Hoarder {
        private final RoguePeer rogue;
        private final List<Long> reset = new ArrayList<>();
        private long next = 3;
        private long limit;
        private long written;

        Hoarder(RoguePeer rogue) {
            this.rogue = rogue;
            limit = rogue.hello().openLimit();
        }

        Held openAll(Victim victim) {
            long first = next;
            long reserved = victim.node.reservedBytes();
            while (next < limit) {
                rogue.send(RogueFrames.open(next, "burst"), new StreamFrame.Reset(next, 0));
                next++;
                hear();
            }
            return new Held(
                    (int) (next - first),
                    held(),
                    victim.node.reservedBytes() - reserved,
                    victim.network.timers(Victim.HOST));
        }

        void hear() {
            for (Frame frame : rogue.heard()) {
                if (frame instanceof CreditFrame.Window window && window.handle() == 0) {
                    limit = window.limit();
                } else if (frame instanceof StreamFrame.Data) {
                    written++;
                } else if (frame instanceof StreamFrame.Reset end) {
                    assertThat(end.code()).isEqualTo(ErrorCode.DRAIN_TIMEOUT.number());
                    reset.add(end.handle());
                }
            }
        }

        /** As a peer must, so that its places are its own again. */
        void answer() {
            reset.forEach(handle -> rogue.send(new StreamFrame.Stop(handle, 0)));
            reset.clear();
            hear();
        }

        /** Elements that are neither written nor given up. */
        long held() {
            return emitted.get() - written - discarded.get();
        }
    }
}
