package io.weir.reactive.session;

import static io.weir.reactive.session.RequestTest.assertNothingLeft;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.Weir;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.NodeLimits;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerNodeSpec;
import io.weir.reactive.PeerSession;
import io.weir.reactive.Request;
import io.weir.reactive.RequestHandler;
import io.weir.reactive.codec.Codec;
import io.weir.reactive.session.message.SessionPlaces;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** How many messages of its peers a node handles at once, and what those that wait take. */
class HandledMessagesTest {

    /** Of which a session may have two, beside its own. */
    private static final NodeLimits EIGHT = NodeLimits.defaults().withMaxMessagesHandled(8);

    private static final int MOST_OF_ONE = SessionPlaces.OWN + 2;

    private final List<String> begun = new ArrayList<>();
    private final Map<String, Sinks.One<ByteBuffer>> running = new HashMap<>();
    private final AtomicInteger cancelled = new AtomicInteger();
    private final Map<PeerSession, Integer> bySession = new HashMap<>();

    private final RequestHandler untilTold = request -> {
        String text = text(request);
        begun.add(text);
        bySession.merge(request.session(), 1, Integer::sum);
        Sinks.One<ByteBuffer> answer = Sinks.one();
        running.put(text, answer);
        return answer.asMono().doOnCancel(cancelled::incrementAndGet);
    };

    private static String text(Request request) {
        return new String(Codec.bytes().decode(request.payload()), StandardCharsets.UTF_8);
    }

    private NodePair pair() {
        return NodePair.of(spec -> spec.limits(EIGHT).onRequest("r", untilTold).onMessage("m", m -> Mono.never()));
    }

    private static List<Disposable> ask(PeerSession session, int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(i ->
                        session.request("r", "" + i, Codec.utf8(), Codec.utf8()).subscribe(reply -> {}, e -> {}))
                .toList();
    }

    private static List<String> numbers(int from, int to) {
        return IntStream.range(from, to).mapToObj(String::valueOf).toList();
    }

    @Test
    void requestsBeyondThePlacesOfASessionWaitAndRunInOrder() {
        try (NodePair pair = pair()) {
            ask(pair.session, 0, 40);
            pair.settle();
            assertThat(begun).isEqualTo(numbers(0, MOST_OF_ONE));
            assertThat(pair.serverSession().messageStats().requestsInFlight()).isEqualTo(40);
            for (int i = 0; i < 40; i++) {
                running.get("" + i).tryEmitValue(ByteBuffer.allocate(1));
                pair.settle();
                assertThat(begun).isEqualTo(numbers(0, Math.min(40, MOST_OF_ONE + i + 1)));
            }
            assertNothingLeft(pair);
        }
    }

    @Test
    void aRequestGivenUpWhileItWaitsNeverRuns() {
        try (NodePair pair = pair()) {
            List<Disposable> asked = ask(pair.session, 0, 40);
            pair.settle();
            asked.subList(MOST_OF_ONE, 39).forEach(Disposable::dispose);
            pair.settle();
            assertThat(pair.serverSession().messageStats().requestsInFlight()).isEqualTo(MOST_OF_ONE + 1);
            assertThat(pair.session.messageStats().requestsOutstanding()).isEqualTo(MOST_OF_ONE + 1);
            asked.get(3).dispose();
            pair.settle();
            assertThat(begun).hasSize(MOST_OF_ONE + 1).endsWith("39");
            assertThat(cancelled.get()).isEqualTo(1);
        }
    }

    @Test
    void aDrainWaitsForWhatWaitsForAPlace() {
        try (NodePair pair = pair()) {
            ask(pair.session, 0, 20);
            pair.settle();
            AtomicReference<String> drained = new AtomicReference<>("no");
            pair.serverSession().drain(Duration.ofSeconds(10)).subscribe(null, null, () -> drained.set("yes"));
            for (int i = 0; i < 20; i++) {
                assertThat(drained).hasValue("no");
                running.get("" + i).tryEmitValue(ByteBuffer.allocate(1));
                pair.advance(Duration.ofMillis(1));
            }
            pair.advance(Duration.ofSeconds(1));
            assertThat(begun).hasSize(20);
            assertThat(drained).hasValue("yes");
        }
    }

    /** Sessions whose handlers never end take all that is shared; the next one still has places, and its turn. */
    @Test
    void noSessionKeepsAnotherFromBeingHandled() {
        try (NodePair pair = pair()) {
            List<PeerSession> greedy = new ArrayList<>();
            List<PeerNode> nodes = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                nodes.add(node(pair, spec -> spec));
                PeerSession session = connected(pair, nodes.get(i));
                greedy.add(session);
                ask(session, 100 * i, 100 * i + 40);
                pair.settle();
            }
            ask(pair.session, 1_000, 1_040);
            pair.settle();
            assertThat(bySession.values())
                    .as("two of eight for each of four, and none for the others")
                    .containsExactlyInAnyOrder(18, 18, 18, 18, 16, 16);
            assertThat(begun).endsWith("1015");

            running.get("1000").tryEmitValue(ByteBuffer.allocate(1));
            pair.settle();
            assertThat(begun).as("one of its own places").endsWith("1016");

            for (String answered : List.of("0", "100", "1")) {
                running.get(answered).tryEmitValue(ByteBuffer.allocate(1));
                pair.settle();
            }
            assertThat(begun)
                    .as("those that wait get what the others give back, in the order of their waiting")
                    .endsWith("416", "1017", "18");

            nodes.get(0).dispose();
            pair.settle();
            assertThat(begun).as("so they do when a session ends").hasSize(16 * 6 + 8 + 4 + 1);
            nodes.forEach(PeerNode::dispose);
        }
    }

    @Test
    void slowOneWayHandlersLeaveRequestsTheirTurn() {
        List<Sinks.Empty<Void>> slow = new ArrayList<>();
        try (NodePair pair =
                NodePair.of(spec -> spec.limits(EIGHT).onRequest("r", untilTold).onMessage("m", message -> {
                    slow.add(Sinks.empty());
                    return slow.get(slow.size() - 1).asMono();
                }))) {
            for (int i = 0; i < 40; i++) {
                pair.session.send("m", "x", Codec.utf8()).subscribe();
            }
            ask(pair.session, 0, 1);
            pair.settle();
            assertThat(pair.serverSession().messageStats().messagesWaiting()).isEqualTo(40);
            assertThat(slow).hasSize(MOST_OF_ONE);
            assertThat(begun).as("no place is left").isEmpty();
            slow.get(0).tryEmitEmpty();
            slow.get(1).tryEmitEmpty();
            pair.settle();
            assertThat(slow).hasSize(MOST_OF_ONE + 1);
            assertThat(begun).containsExactly("0");
        }
    }

    private static PeerNode node(NodePair pair, UnaryOperator<PeerNodeSpec> change) {
        AtomicReference<PeerNode> node = new AtomicReference<>();
        change.apply(Weir.node().transport(pair.network.transport())).start().subscribe(node::set);
        pair.settle();
        return node.get();
    }

    private static PeerSession connected(NodePair pair, PeerNode node) {
        AtomicReference<PeerSession> session = new AtomicReference<>();
        node.connect(PeerAddress.memory(NodePair.NAME)).subscribe(session::set);
        pair.settle();
        return session.get();
    }
}
