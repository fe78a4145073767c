package io.weir.test.rogue;

import static io.weir.test.rogue.RogueFrames.message;
import static io.weir.test.rogue.RogueFrames.plaintext;
import static io.weir.test.rogue.Victim.assertAlive;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.error.ErrorCode;
import io.weir.core.identity.Identity;
import io.weir.core.wire.Frame;
import io.weir.core.wire.MessageFrame;
import io.weir.core.wire.MessageType;
import io.weir.core.wire.StreamFrame;
import io.weir.reactive.NodeLimits;
import io.weir.reactive.PeerNodeSpec;
import io.weir.reactive.PeerSession;
import io.weir.reactive.codec.Codec;
import io.weir.reactive.node.Heap;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** What peers can do to a node whose handlers are slow: each has its share of the places, and no more. */
class RogueDispatchTest {

    /** Beside 16 of its own, a session may have two. */
    private static final NodeLimits EIGHT = NodeLimits.defaults().withMaxHandled(8);

    private static final int MOST_OF_ONE = NodeLimits.HANDLED_OF_ITS_OWN + 2;

    private final AtomicInteger running = new AtomicInteger();

    /** Of handlers that go on when their session has ended, and hold what it was promised. */
    private final Sinks.Empty<Void> end = Sinks.empty();

    private <T> Mono<T> slow() {
        return slow(Mono.never());
    }

    private <T> Mono<T> slow(Mono<T> handler) {
        return handler.doOnSubscribe(s -> running.incrementAndGet()).doFinally(signal -> running.decrementAndGet());
    }

    private PeerNodeSpec slow(PeerNodeSpec spec) {
        return spec.limits(EIGHT)
                .onRequest("m", request -> this.<ByteBuffer>slow())
                .onRequest("quick", request -> Mono.just(request.payload()))
                .onMessage("m", message -> slow(end.asMono()))
                .onStream("slow", stream -> this.<Void>slow());
    }

    @Test
    void aFloodOfEverythingAgainstSlowHandlersStaysWithinTheBound() {
        try (Victim victim = Victim.start(this::slow)) {
            List<RoguePeer> rogues = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                RoguePeer rogue = victim.rogue().session();
                rogues.add(rogue);
                flood(rogue);
                assertAlive(rogue);
            }
            assertThat(running.get()).as("handlers that run").isBetween(6 * 16, 6 * 16 + 8);
            for (RoguePeer rogue : rogues) {
                assertThat(victim.sessionWith(rogue).messageStats().requestsInFlight())
                        .isLessThanOrEqualTo(MOST_OF_ONE);
            }

            PeerSession honest = victim.connected(victim.other(Identity.generate()), Victim.FOR_FRIENDS);
            for (int i = 0; i < 20; i++) {
                List<String> replies = new ArrayList<>();
                honest.request("quick", "" + i, Codec.utf8(), Codec.utf8()).subscribe(replies::add);
                victim.settle();
                assertThat(replies).containsExactly("" + i);
                victim.assertGoesOn();
            }
            rogues.forEach(RoguePeer::close);
            victim.advance(Duration.ofSeconds(16));
            end.tryEmitEmpty();
        }
    }

    @Test
    void refusesWhatFindsNoPlaceWithBusy() {
        try (Victim victim = Victim.start(this::slow);
                RoguePeer rogue = victim.rogue().session()) {
            for (int id = 1; id <= MOST_OF_ONE; id++) {
                rogue.send(message(MessageType.REQUEST, id, 0));
            }
            assertThat(running.get()).isEqualTo(MOST_OF_ONE);
            rogue.send(RogueFrames.open(3, "slow"));
            StreamFrame.Stop stop = rogue.await(StreamFrame.Stop.class);
            assertThat(ErrorCode.of(stop.code())).isEqualTo(ErrorCode.BUSY);
            rogue.send(message(MessageType.REQUEST, 100, 0));
            assertThat(rogue.await(MessageFrame.class).replyId()).isEqualTo(100);
            rogue.send(message(MessageType.ONE_WAY, 101, 0));
            assertAlive(rogue);
            assertThat(victim.sessionWith(rogue).messageStats().messagesWaiting())
                    .isEqualTo(1);
            assertThat(running.get()).isEqualTo(MOST_OF_ONE);
        }
    }

    /** A handler that goes on when its stream is over keeps its place: only that bounds what such a peer can begin. */
    @Test
    void aPeerThatOpensAndResetsInALoopGetsNoMoreThanItsPlaces() {
        try (Victim victim = Victim.start(this::slow);
                RoguePeer rogue = victim.rogue().session()) {
            long handle = 3;
            for (int i = 0; i < MOST_OF_ONE; i++, handle++) {
                rogue.send(RogueFrames.open(handle, "slow"));
                long answer = rogue.await(StreamFrame.Open.class).handle();
                rogue.send(new StreamFrame.Reset(handle, 0), new StreamFrame.Stop(answer, 0));
                rogue.await(StreamFrame.Stop.class);
            }
            long before = Heap.used();
            for (int i = 0; i < 20_000; i++, handle++) {
                rogue.send(RogueFrames.open(handle, "slow"), new StreamFrame.Reset(handle, 0));
                assertThat(rogue.await(StreamFrame.Stop.class).code()).isEqualTo(ErrorCode.BUSY.number());
            }
            assertThat(Heap.used() - before)
                    .as("heap kept of 20,000 streams that were refused")
                    .isLessThan(4L << 20);
            assertThat(running.get()).isEqualTo(MOST_OF_ONE);
            assertAlive(rogue);
        }
    }

    private static void flood(RoguePeer rogue) {
        long limit = rogue.hello().openLimit();
        for (long handle = 3; handle < limit; handle++) {
            rogue.send(RogueFrames.open(handle, "slow"));
        }
        Frame[] messages = new Frame[200];
        for (int i = 0; i < messages.length; i++) {
            messages[i] = message(i % 2 == 0 ? MessageType.REQUEST : MessageType.ONE_WAY, i + 1, 0);
        }
        rogue.sendPlaintext(plaintext(messages));
    }
}
