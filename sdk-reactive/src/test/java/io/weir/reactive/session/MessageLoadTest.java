package io.weir.reactive.session;

import static io.weir.reactive.session.RequestTest.assertNothingLeft;
import static io.weir.reactive.session.RequestTest.onLoop;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.error.WeirException;
import io.weir.core.stream.StreamConfig;
import io.weir.reactive.NodeLimits;
import io.weir.reactive.PeerSession;
import io.weir.reactive.ReplyEvent;
import io.weir.reactive.RequestHandler;
import io.weir.reactive.RequestOptions;
import io.weir.reactive.codec.Codec;
import io.weir.reactive.node.Heap;
import io.weir.reactive.session.RequestTest.Heard;
import io.weir.reactive.session.dispatch.SessionDispatch;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Many messages at once: fairness, no deadlock, bounds, and one event for each request. */
class MessageLoadTest {

    /** Requests of one session that are handled at once, by default: its own places and a quarter of the node's. */
    private static final int MOST_HANDLED =
            SessionDispatch.OWN + NodeLimits.defaults().maxHandled() / 4;

    private static final NodeLimits SMALL =
            NodeLimits.defaults().withRequestWindowBytes(64 * 1024).withReplyWindowBytes(64 * 1024);

    private static final RequestHandler ECHO = request -> Mono.just(request.payload());

    // ---- fairness

    @Test
    void smallMessagesPassLargeOnes() {
        List<String> order = new ArrayList<>();
        try (NodePair pair = NodePair.of(spec -> spec.onMessage("m", message -> {
            order.add(message.payload().remaining() > 1_000 ? "large" : "small");
            return Mono.empty();
        }))) {
            onLoop(pair.session, () -> {
                pair.session.send("m", new byte[900_000], Codec.bytes()).subscribe();
                for (int i = 0; i < 10; i++) {
                    pair.session.send("m", new byte[10], Codec.bytes()).subscribe();
                }
            });
            pair.settle();
            assertThat(order).hasSize(11).endsWith("large");
        }
    }

    @Test
    void largeMessagesShareTheLink() {
        List<String> order = new ArrayList<>();
        try (NodePair pair = NodePair.of(spec -> spec.onMessage("m", message -> {
            order.add("" + message.payload().remaining());
            return Mono.empty();
        }))) {
            onLoop(
                    pair.session,
                    () -> Stream.of(400_000, 300_000, 200_000, 100_000)
                            .forEach(bytes -> pair.session
                                    .send("m", new byte[bytes], Codec.bytes())
                                    .subscribe()));
            pair.settle();
            assertThat(order).as("begun in the opposite order").containsExactly("100000", "200000", "300000", "400000");
        }
    }

    @Test
    void messagesAndABulkStreamEachHaveHalfOfTheLink() {
        int elements = 4_000;
        int bytes = 1_000;
        Map<String, Long> received = new HashMap<>();
        List<Map<String, Long>> atEveryTenthMessage = new ArrayList<>();
        NodeLimits wide = NodeLimits.defaults().withInitialWindowBytes(8L << 20).withRequestWindowBytes(8L << 20);
        try (NodePair pair = NodePair.of(
                spec -> spec.limits(wide)
                        .onStream(
                                "bulk",
                                stream -> stream.receive(Codec.bytes())
                                        .doOnNext(element -> received.merge("stream", (long) element.length, Long::sum))
                                        .then())
                        .onMessage("m", message -> {
                            received.merge("messages", (long) message.payload().remaining(), Long::sum);
                            if (received.get("messages") % (10 * bytes) == 0) {
                                atEveryTenthMessage.add(Map.copyOf(received));
                            }
                            return Mono.empty();
                        }),
                spec -> spec.limits(wide))) {
            // so that the message window has grown
            onLoop(pair.session, () -> {
                for (int i = 0; i < 3 * elements; i++) {
                    pair.session.send("m", new byte[bytes], Codec.bytes()).subscribe();
                }
            });
            pair.settle();
            received.clear();
            atEveryTenthMessage.clear();
            onLoop(pair.session, () -> {
                pair.session
                        .openStream("bulk", StreamConfig.reliable())
                        .send(Flux.range(0, elements).map(i -> new byte[bytes]), Codec.bytes())
                        .subscribe();
                for (int i = 0; i < elements; i++) {
                    pair.session.send("m", new byte[bytes], Codec.bytes()).subscribe();
                }
            });
            pair.settle();
            assertThat(received).containsEntry("stream", 4_000_000L).containsEntry("messages", 4_000_000L);
            // the stream needs a round trip to open; from then on neither gets a tenth ahead of the other: a message
            // that
            // begins in the first half of a record may end in the second
            List<Long> ahead = atEveryTenthMessage.stream()
                    .filter(sum -> sum.containsKey("stream") && sum.get("stream") < 3_900_000)
                    .map(sum -> Math.abs(sum.get("messages") - sum.get("stream")))
                    .toList();
            long first = ahead.get(0);
            assertThat(ahead).allSatisfy(bytesAhead -> assertThat(bytesAhead).isLessThan(first + 400_000));
        }
    }

    // ---- no deadlock

    @Test
    void twoSidesFullOfRequestsAnswerEachOther() {
        byte[] payload = new byte[10_000];
        try (NodePair pair = NodePair.of(
                spec -> spec.limits(SMALL).onRequest("echo", ECHO),
                spec -> spec.limits(SMALL).onRequest("echo", ECHO))) {
            int[] replies = new int[2];
            for (int i = 0; i < 500; i++) {
                pair.session
                        .request("echo", payload, Codec.bytes(), Codec.bytes())
                        .subscribe(reply -> replies[0]++);
                pair.serverSession()
                        .request("echo", payload, Codec.bytes(), Codec.bytes())
                        .subscribe(reply -> replies[1]++);
            }
            pair.settle();
            assertThat(replies).containsExactly(500, 500);
            assertNothingLeft(pair);
        }
    }

    @Test
    void handlersThatAskBackDoNotWaitForEachOther() {
        byte[] payload = new byte[20_000];
        RequestHandler asksBack =
                request -> request.session().request("echo", request.payload(), Codec.buffers(), Codec.buffers());
        try (NodePair pair = NodePair.of(
                spec -> spec.limits(SMALL).onRequest("back", asksBack).onRequest("echo", ECHO),
                spec -> spec.limits(SMALL).onRequest("back", asksBack).onRequest("echo", ECHO))) {
            int[] replies = new int[1];
            for (int i = 0; i < 200; i++) {
                for (PeerSession session : List.of(pair.session, pair.serverSession())) {
                    session.request("back", payload, Codec.bytes(), Codec.bytes())
                            .subscribe(reply -> replies[0]++);
                }
            }
            pair.advance(Duration.ofSeconds(60));
            assertThat(replies[0]).isPositive();
            assertNothingLeft(pair);
        }
    }

    // ---- bounds

    @Test
    void aHundredThousandRequestsThatNobodyAnswersStayWithinTheLimits() {
        NodeLimits limits = NodeLimits.defaults();
        try (NodePair pair = NodePair.of(spec -> spec.onRequest("never", request -> Mono.never()))) {
            Map<ErrorCode, Integer> refused = new HashMap<>();
            long before = Heap.used();
            for (int i = 0; i < 100_000; i++) {
                pair.session
                        .request("never", new byte[32], Codec.bytes(), Codec.bytes())
                        .subscribe(new BaseSubscriber<>() {
                            @Override
                            protected void hookOnError(Throwable e) {
                                refused.merge(((WeirException) e).reason().error(), 1, Integer::sum);
                            }
                        });
            }
            pair.settle();
            assertThat(pair.serverSession().messageStats().requestsInFlight()).isEqualTo(MOST_HANDLED);
            assertThat(pair.session.messageStats().requestsOutstanding()).isEqualTo(MOST_HANDLED);
            assertThat(refused).containsOnlyKeys(ErrorCode.BUSY).containsEntry(ErrorCode.BUSY, 100_000 - MOST_HANDLED);
            assertThat(Heap.used() - before).as("heap held at both sides").isLessThan(8L << 20);
            pair.advance(limits.requestTimeout());
            assertThat(refused).containsEntry(ErrorCode.REQUEST_TIMEOUT, MOST_HANDLED);
            assertNothingLeft(pair);
        }
    }

    @Test
    void moreRequestsThanMayBeOutstandingAreRefusedAtOnce() {
        NodeLimits limits = NodeLimits.defaults().withMaxRequestsOutstanding(10);
        try (NodePair pair =
                NodePair.of(spec -> spec.onRequest("never", request -> Mono.never()), spec -> spec.limits(limits))) {
            List<Heard> all = new ArrayList<>();
            for (int i = 0; i < 11; i++) {
                all.add(ask(pair.session, "never"));
            }
            assertThat(all.get(10).reason()).isEqualTo(CloseReason.local(ErrorCode.TOO_MANY_REQUESTS));
            all.get(0).cancel();
            pair.settle();
            Heard again = ask(pair.session, "never");
            pair.settle();
            assertThat(again.signals).isEmpty();
        }
    }

    @Test
    void windowsAreModestWhereTheNodeIsShortOfMemory() {
        NodeLimits poor = NodeLimits.defaults()
                .withInitialWindowBytes(1_024)
                .withSessionBudgetBytes(256 * 1024)
                .withNodeBudgetBytes(256 * 1024);
        try (NodePair pair = NodePair.of(spec -> spec.limits(poor).onRequest("echo", ECHO))) {
            Heard small = new Heard(pair.session.request("echo", new byte[10_000], Codec.bytes(), Codec.bytes()));
            Heard large = new Heard(pair.session.request("echo", new byte[100_000], Codec.bytes(), Codec.bytes()));
            pair.settle();
            assertThat(small.signals).hasSize(2).endsWith("complete");
            assertThat(large.failure).hasMessageContaining("request cost is 100020, must be at most 32768");
        }
    }

    @Test
    void largeWindowsOfStreamsLeaveRoomForMessages() {
        NodeLimits limits = NodeLimits.defaults().withInitialWindowBytes(8L << 20);
        try (NodePair pair = NodePair.of(spec -> spec.limits(limits).onRequest("echo", ECHO))) {
            Heard heard = new Heard(pair.session.request("echo", new byte[1_000_000], Codec.bytes(), Codec.bytes()));
            pair.settle();
            assertThat(heard.signals).hasSize(2).endsWith("complete");
        }
    }

    // ---- events

    @Test
    void tellsExactlyOneEventForEachRequest() {
        NodeLimits limits = NodeLimits.defaults().withMaxRequestsOutstanding(64);
        try (NodePair pair = NodePair.of(
                spec -> spec.onRequest("echo", ECHO)
                        .onRequest("fail", request -> Mono.error(new IllegalStateException()))
                        .onRequest("never", request -> Mono.never()),
                spec -> spec.limits(limits))) {
            List<ReplyEvent> events = new ArrayList<>();
            pair.session.replies().subscribe(events::add);
            ask(pair.session, "echo");
            ask(pair.session, "fail");
            ask(pair.session, "nobody");
            pair.settle();
            ask(pair.session, "never").cancel();
            onLoop(pair.session, () -> ask(pair.session, "unwritten").cancel());
            new Heard(pair.session.request(
                    "never",
                    "",
                    Codec.utf8(),
                    Codec.utf8(),
                    RequestOptions.defaults().withTimeout(Duration.ofMillis(5))));
            new Heard(pair.session.request("large", new byte[2_000_000], Codec.bytes(), Codec.bytes()));
            pair.advance(Duration.ofMillis(5));
            ask(pair.session, "never");
            pair.session.dispose();
            pair.settle();
            assertThat(events)
                    .map(MessageLoadTest::summary)
                    .containsExactly(
                            "echo 1 reply",
                            "fail 2 APPLICATION_ERROR",
                            "nobody 3 NO_HANDLER",
                            "never 4 CANCELLED",
                            "unwritten 0 CANCELLED",
                            "large 0 PAYLOAD_TOO_LARGE",
                            "never 5 REQUEST_TIMEOUT",
                            "never 6 NONE");
        }
    }

    @Test
    void tellsHowLongAReplyTook() {
        Sinks.One<ByteBuffer> answer = Sinks.one();
        try (NodePair pair = NodePair.of(spec -> spec.onRequest("later", request -> answer.asMono()))) {
            List<ReplyEvent> events = new ArrayList<>();
            pair.session.replies().subscribe(events::add);
            ask(pair.session, "later");
            pair.advance(Duration.ofMillis(30));
            answer.tryEmitValue(ByteBuffer.allocate(7));
            pair.settle();
            assertThat(events).containsExactly(new ReplyEvent.Reply("later", 1, Duration.ofMillis(30), 7));
        }
    }

    private static String summary(ReplyEvent event) {
        String end = event instanceof ReplyEvent.ReplyMissing missing
                ? missing.reason().error().name()
                : "reply";
        return event.route() + " " + event.requestId() + " " + end;
    }

    private static Heard ask(PeerSession session, String route) {
        return new Heard(session.request(route, "", Codec.utf8(), Codec.utf8()));
    }
}
