package io.weir.test.rogue;

import static io.weir.test.rogue.Victim.assertAlive;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.error.ApplicationException;
import io.weir.core.error.ErrorCode;
import io.weir.core.wire.Bytes;
import io.weir.core.wire.CreditFrame;
import io.weir.core.wire.ErrorDetail;
import io.weir.core.wire.Frame;
import io.weir.core.wire.Headers;
import io.weir.core.wire.Hello;
import io.weir.core.wire.MessageFrame;
import io.weir.core.wire.MessageType;
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
import reactor.core.publisher.Mono;

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

    @Test
    void endsASessionWhoseErrorCostsMoreThanItWasAllowed() {
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().session()) {
            rogue.send(RogueFrames.open(3, "stall"), RogueFrames.data(3, 60_000));
            rogue.send(close(3, 60_016, 1));
            victim.assertEnded(rogue, ErrorCode.PROTOCOL_VIOLATION);
            victim.advance(DRAIN_TIMEOUT); // for so long what had come waits to be taken
        }
    }

    @Test
    void holdsErrorsThatNobodyHearsWithinTheirWindows() {
        try (Victim victim = Victim.start();
                RoguePeer rogue = victim.rogue().session()) {
            long limit = rogue.hello().openLimit();
            for (long handle = 3; handle < limit; handle++) {
                rogue.send(RogueFrames.open(handle, "stall"));
                limit = Math.max(limit, openLimit(rogue.heard()));
            }
            long reserved = victim.node.reservedBytes();
            for (long handle = 3; handle < limit; handle++) {
                rogue.send(RogueFrames.data(handle, 100), close(handle, 116, 1));
            }
            assertThat(victim.node.reservedBytes()).isEqualTo(reserved);
            assertAlive(rogue);
            for (long handle = 3; handle < limit; handle++) {
                rogue.send(new StreamFrame.Reset(handle, 0));
            }
        }
    }

    private static long openLimit(List<Frame> heard) {
        long limit = 0;
        for (Frame frame : heard) {
            if (frame instanceof CreditFrame.Window window && window.handle() == 0) {
                limit = window.limit();
            }
        }
        return limit;
    }

    /** With the longest detail that there is. */
    private static StreamFrame.Close close(long handle, long sent, long elements) {
        ErrorDetail detail = new ErrorDetail(false, "t".repeat(1_024), Bytes.copyOf(new byte[8_192]));
        return new StreamFrame.Close(handle, sent + detail.cost(), elements, 0x1_0000, detail);
    }

    /** It has not said that it would understand more. */
    @Test
    void saysNoMoreThanACodeToAPeerThatKnowsNoErrorsOfApplications() {
        ApplicationException error = new ApplicationException(42, "text", new byte[9]);
        try (Victim victim = Victim.start(spec -> spec.onRequest("m", request -> Mono.error(error))
                        .onStream("fails", stream -> stream.send(Flux.error(error), Codec.bytes())));
                RoguePeer rogue = victim.rogue().session();
                RoguePeer other = victim.rogue().session(Hello.defaults().withFeatures(Hello.APPLICATION_ERRORS))) {
            for (RoguePeer peer : List.of(rogue, other)) {
                peer.send(RogueFrames.open(3, "fails"), RogueFrames.message(MessageType.REQUEST, 1, 0));
            }
            ErrorDetail detail = ErrorDetail.of(error);
            assertThat(rogue.heard()).contains(answer(new byte[] {0x21}), new StreamFrame.Close(3, 0, 0, 0x21));
            assertThat(other.heard())
                    .contains(
                            answer(detail.encode(0x1_002A)),
                            new StreamFrame.Close(3, detail.cost(), 0, 0x1_002A, detail));
        }
    }

    private static MessageFrame answer(byte[] body) {
        return new MessageFrame(MessageType.ERROR, 1, 0, 1, "", Headers.empty(), Bytes.copyOf(body));
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
                } else if (frame instanceof StreamFrame.Data data) {
                    written += data.last() ? 1 : 0; // on lanes an element may come in parts
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
