package io.weir.test.simulation;

import io.weir.core.stream.Reliability;
import io.weir.core.stream.StreamConfig;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerNodeSpec;
import io.weir.reactive.PeerSession;
import io.weir.reactive.RequestOptions;
import io.weir.reactive.codec.Codec;
import io.weir.test.network.Scenario;
import io.weir.test.network.SimulatedNetwork;
import io.weir.test.oracle.Delivery;
import io.weir.test.oracle.NodeOracle;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Two nodes with a session over datagrams while a {@link Scenario} plays: a reliable stream each way, a fire-and-forget one,
 * requests and one-way messages. The session lives through all of it; what is reliable comes once and in order, what is not
 * rises; each request has its reply; and when both nodes have closed nothing is left.
 */
final class SmallTransfer implements AutoCloseable {

    private static final int[] SIZES = {0, 10, 100, 1_000, 1_150, 3_000, 20_000};
    private static final Duration TO_CONNECT = Duration.ofMinutes(2);
    private static final Duration TO_TRANSFER = Duration.ofMinutes(3);
    private static final Duration TO_CLOSE = Duration.ofMinutes(1);
    /** Where a third is lost, some of so many take longer than half a minute. */
    private static final RequestOptions PATIENT = RequestOptions.defaults().withTimeout(TO_TRANSFER);

    private static final String CLIENT = "client";
    private static final String SERVER = "server";

    private final Random random;
    private final SimulatedNetwork network;
    private final List<PeerNode> nodes = new ArrayList<>();
    private final List<NodeOracle> oracles = new ArrayList<>();
    private final List<String> ends = new ArrayList<>();
    private final List<String> faults = new ArrayList<>();
    private final Delivery<Integer> there = Delivery.of("there", Reliability.RELIABLE);
    private final Delivery<Integer> back = Delivery.of("back", Reliability.RELIABLE);
    private final Delivery<Integer> lossy = Delivery.of("lossy", Reliability.FIRE_AND_FORGET);
    private @Nullable PeerSession session;
    private int heard;
    private int expectedEnds;

    private SmallTransfer(long seed, Scenario scenario) {
        random = new Random(seed);
        network = SimulatedNetwork.seeded(seed).overDatagrams();
        network.play(scenario, CLIENT, SERVER);
        start(
                SERVER,
                network.listener(SERVER)
                        .onRequest("echo", request -> Mono.just(request.payload()))
                        .onMessage("note", message -> Mono.fromRunnable(() -> heard++))
                        .onStream(
                                "there",
                                StreamConfig.reliable(),
                                stream -> received("there", stream.receive(Codec.bytes()), there)
                                        .and(stream.send(elements(back), Codec.bytes())))
                        .onStream(
                                "lossy",
                                StreamConfig.fireAndForget(),
                                stream -> received("lossy", stream.receive(Codec.bytes()), lossy)));
        start(CLIENT, network.node(CLIENT));
    }

    /**
     * One whole run.
     *
     * @throws AssertionError if something is not as it must be, with all that is needed to run it again
     */
    static void run(long seed, Scenario scenario) {
        try (SmallTransfer transfer = new SmallTransfer(seed, scenario)) {
            try {
                transfer.run();
            } catch (Throwable e) {
                throw new AssertionError(
                        "seed " + seed + ", " + scenario + ": " + e.getMessage() + "\n" + transfer.network.report(), e);
            }
        }
    }

    private void start(String name, PeerNodeSpec spec) {
        NodeOracle oracle = new NodeOracle(name);
        oracles.add(oracle);
        oracle.watching(spec).start().subscribe(node -> {
            nodes.add(node);
            oracle.started(node);
        });
        network.settle();
    }

    private void run() {
        connect();
        require(network.advanceUntil(() -> session != null, TO_CONNECT), () -> "no session");
        PeerSession live = session;
        if (live == null) {
            throw new AssertionError("no session");
        }
        int notes = random.nextInt(4);
        transfer(live, notes);
        boolean done = network.advanceUntil(() -> ends.size() >= expectedEnds && heard == notes, TO_TRANSFER);
        require(
                done,
                () -> "only " + ends + " of " + expectedEnds + ", " + heard + " notes of " + notes + "; " + there + ", "
                        + back + ", " + lossy + "; " + live.state() + faults + "\n"
                        + nodes.stream()
                                .flatMap(node -> node.liveSessions().stream())
                                .map(SmallTransfer::inside)
                                .toList());
        require(faults.isEmpty(), faults::toString);
        require(there.received() == there.sent() && back.received() == back.sent(), () -> there + ", " + back);
        require(!live.isDisposed(), () -> "the session has ended");
        nodes.forEach(
                random.nextBoolean() ? PeerNode::dispose : node -> node.close().subscribe());
        require(
                network.advanceUntil(
                        () -> network.timers() == 0 && nodes.stream().allMatch(PeerNode::isDisposed), TO_CLOSE),
                () -> "something is left");
        oracles.forEach(NodeOracle::checkClosed);
        NodeOracle.checkNothingLeft(network);
    }

    /** What a session is at, as far as it shows. */
    private static String inside(PeerSession at) {
        List<Object> path = new ArrayList<>();
        at.pathStats().subscribe(path::add);
        return at + " " + path + " there " + at.openStream("there").stats() + "\n";
    }

    private void connect() {
        nodes.get(1).connect(network.address(SERVER)).subscribe(made -> session = made, e -> connect());
    }

    private void transfer(PeerSession live, int notes) {
        var reliable = live.openStream("there", StreamConfig.reliable());
        end("sent there", reliable.send(elements(there), Codec.bytes()));
        expectedEnds += 2; // received there, and back
        received("back", reliable.receive(Codec.bytes()), back).subscribe();
        end("sent lossy", live.openStream("lossy", StreamConfig.fireAndForget()).send(elements(lossy), Codec.bytes()));
        expectedEnds++; // received lossy
        for (int i = 0; i < notes; i++) {
            end("note", live.send("note", payload(), Codec.bytes()));
        }
        for (int i = random.nextInt(3); i > 0; i--) {
            byte[] asked = payload();
            end(
                    "reply",
                    live.request("echo", asked, Codec.bytes(), Codec.bytes(), PATIENT)
                            .doOnNext(reply -> {
                                if (reply.length != asked.length) {
                                    faults.add("a reply of " + reply.length + " bytes to " + asked.length);
                                }
                            })
                            .then());
        }
    }

    private void end(String what, Mono<Void> ending) {
        expectedEnds++;
        ending.subscribe(nothing -> {}, e -> faults.add(what + ": " + e), () -> ends.add(what));
    }

    private Mono<Void> received(String what, Flux<byte[]> elements, Delivery<Integer> delivery) {
        return elements.doOnNext(element -> {
                    try {
                        delivery.received(ByteBuffer.wrap(element).getInt());
                    } catch (AssertionError e) {
                        faults.add(String.valueOf(e.getMessage()));
                    }
                })
                .doOnError(e -> faults.add(what + ": " + e))
                .doOnComplete(() -> ends.add("received " + what))
                .then();
    }

    private Flux<byte[]> elements(Delivery<Integer> delivery) {
        return Flux.range(0, random.nextInt(20))
                .map(i -> ByteBuffer.allocate(Integer.BYTES + size()).putInt(i).array())
                .doOnNext(element -> delivery.sent(ByteBuffer.wrap(element).getInt()));
    }

    private byte[] payload() {
        return new byte[size()];
    }

    private int size() {
        return SIZES[random.nextInt(SIZES.length)];
    }

    private static void require(boolean holds, Supplier<String> otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise.get());
        }
    }

    @Override
    public void close() {
        network.close();
    }
}
