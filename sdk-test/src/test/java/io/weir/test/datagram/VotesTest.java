package io.weir.test.datagram;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.datagram.Drop;
import io.weir.core.error.ConnectException;
import io.weir.core.error.ErrorCode;
import io.weir.core.error.ReplyMissingException;
import io.weir.core.error.WeirException;
import io.weir.core.integrity.RootSet;
import io.weir.core.integrity.Vote;
import io.weir.core.integrity.VoteCodec;
import io.weir.core.integrity.VoteKey;
import io.weir.core.peer.PeerAddress;
import io.weir.core.wire.Bytes;
import io.weir.reactive.FastPathStats;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerNodeSpec;
import io.weir.reactive.VoteOptions;
import io.weir.reactive.integrity.IntegrityService;
import io.weir.reactive.integrity.Votes;
import io.weir.reactive.transport.DialProgress;
import io.weir.test.network.LinkProfile;
import io.weir.test.network.SimulatedNetwork;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Nodes that ask each other for votes, over a network that takes its time. */
class VotesTest {

    private static final int FAST = 0x10;
    private static final int ANSWER = 0x11;
    private static final RootSet ROOTS = roots(1, 2, 3);
    private static final VoteKey KEY = VoteKey.of(new byte[32]);
    private static final VoteKey OTHER_KEY = VoteKey.of(ROOTS.root(0).toByteArray());

    private final SimulatedNetwork network =
            SimulatedNetwork.seeded(1).overDatagrams().profile(LinkProfile.PERFECT.withLatency(Duration.ofMillis(10)));
    private final TappedTransport ofServer = new TappedTransport(network.datagramTransport("server"));
    private final TappedTransport ofClient = new TappedTransport(network.datagramTransport("client"));
    private final List<Disposable> used = new ArrayList<>();
    private final List<Vote> votes = new ArrayList<>();
    private final List<Throwable> errors = new ArrayList<>();

    @AfterEach
    void nothingIsLeft() {
        used.forEach(Disposable::dispose);
        network.advance(Duration.ofSeconds(30));
        assertThat(network.timers()).isZero();
        assertThat(ofServer.sockets).isEmpty();
        assertThat(ofClient.sockets).isEmpty();
    }

    @Test
    void tellsWhetherTheRootsAreTheSame() {
        PeerNode server = server(ROOTS, null);
        PeerNode client = client();

        ask(client, ROOTS);
        ask(client, roots(1, 2, 4));
        ask(client, roots(1, 2));
        ask(client, roots(1, 2, 3, 0, 0));
        network.advance(Duration.ofMillis(20));

        assertThat(votes).containsExactly(Vote.AGREE, Vote.DISAGREE, Vote.DISAGREE, Vote.AGREE);
        assertThat(server.fastPath()).isEqualTo(new FastPathStats(4, 4));
        assertThat(client.fastPath()).isEqualTo(new FastPathStats(0, 0));
        assertThat(server.droppedDatagrams()).isEmpty();
        assertThat(client.droppedDatagrams()).isEmpty();
        assertThat(server.liveSessions()).isEmpty();
    }

    @Test
    void asksAnewEachTimeItIsSubscribedTo() {
        server(ROOTS, null);
        Mono<Vote> vote = client().vote(address("server"), ROOTS);

        for (int i = 0; i < 3; i++) {
            vote.subscribe(votes::add, errors::add);
            network.advance(Duration.ofMillis(20));
        }

        assertThat(votes).hasSize(3);
        assertThat(ofClient.sent(FAST).stream().map(sent -> nonce(sent.bytes())))
                .doesNotHaveDuplicates()
                .hasSize(3);
    }

    @Test
    void repeatsTheSameQuestionUntilItIsAnswered() {
        server(ROOTS, null);
        ofClient.lose(FAST, 3);
        ask(client(), ROOTS);

        network.advance(Duration.ofMillis(3_500));
        assertThat(votes).isEmpty();
        network.advance(Duration.ofMillis(100));

        assertThat(votes).containsExactly(Vote.AGREE);
        assertThat(ofClient.sent(FAST))
                .hasSize(4)
                .allSatisfy(sent -> assertThat(sent.bytes())
                        .isEqualTo(ofClient.sent(FAST).get(0).bytes()));
        network.advance(Duration.ofSeconds(32));
        assertThat(ofClient.sent(FAST)).hasSize(4);
    }

    @Test
    void takesTheAnswerToWhicheverQuestionComesFirst() {
        PeerNode server = server(ROOTS, null);
        network.between("server", "client").latency(Duration.ofMillis(700));
        PeerNode client = start(network.listener("client").transport(ofClient));
        ask(client, ROOTS);
        network.advance(Duration.ofMillis(750));

        assertThat(ofClient.sent(FAST)).hasSize(2);
        assertThat(votes).containsExactly(Vote.AGREE);
        network.advance(Duration.ofSeconds(2));
        assertThat(client.droppedDatagrams()).as("the second answer").containsOnly(Map.entry(Drop.UNASKED, 1L));
        assertThat(server.fastPath().answered()).isEqualTo(2);
    }

    @Test
    void givesUpWhenTheTimeIsOver() {
        server(ROOTS, null);
        ofServer.lose(ANSWER, Integer.MAX_VALUE);
        ask(client(), ROOTS);

        network.advance(Duration.ofMillis(31_990));
        assertThat(errors).isEmpty();
        network.advance(Duration.ofMillis(60));

        assertFailed(ReplyMissingException.class, ErrorCode.REQUEST_TIMEOUT, "asked 8 times");
        assertThat(ofServer.sent(ANSWER)).hasSize(8);
    }

    @Test
    void givesUpEarlierWhereItIsToldTo() {
        ask(client(), ROOTS, VoteOptions.defaults().withTimeout(Duration.ofMillis(600)));
        network.advance(Duration.ofMillis(650));

        assertFailed(ReplyMissingException.class, ErrorCode.REQUEST_TIMEOUT, "asked 2 times");
    }

    @Test
    void saysNothingWhileItHasNoRoots() {
        List<RootSet> has = new ArrayList<>();
        IntegrityService service = service(() -> has.isEmpty() ? null : has.get(0), null);
        PeerNode server = start(network.listener("server").transport(ofServer).fastPath(VoteCodec.COMMAND, service));
        ask(client(), ROOTS);
        network.advance(Duration.ofMillis(100));
        assertThat(votes).isEmpty();
        assertThat(server.fastPath()).isEqualTo(new FastPathStats(1, 0));

        has.add(ROOTS);
        network.advance(Duration.ofSeconds(2));
        assertThat(votes).containsExactly(Vote.AGREE);
    }

    @Test
    void whoHasTheKeyTakesTheWordOfThoseWhoHaveIt() {
        server(ROOTS, KEY);
        PeerNode client = client();

        ask(client, ROOTS, VoteOptions.defaults().withKey(KEY));
        ask(client, roots(9), VoteOptions.defaults().withKey(KEY));
        ask(client, ROOTS);
        network.advance(Duration.ofMillis(20));

        assertThat(votes).containsExactly(Vote.AGREE, Vote.DISAGREE, Vote.AGREE);
    }

    @Test
    void whoHasAnotherKeyOrNoneGetsNoVoteUnderIt() {
        PeerNode keyed = server(ROOTS, OTHER_KEY);
        PeerNode keyless = start(network.listener("keyless").fastPath(VoteCodec.COMMAND, service(() -> ROOTS, null)));
        PeerNode client = client();
        VoteOptions options = VoteOptions.defaults().withKey(KEY).withTimeout(Duration.ofMillis(400));

        ask(client, ROOTS, options);
        client.vote(address("keyless"), ROOTS, options).subscribe(votes::add, errors::add);
        network.advance(Duration.ofMillis(500));

        assertThat(votes).isEmpty();
        assertThat(errors).hasSize(2);
        assertThat(keyed.fastPath()).isEqualTo(new FastPathStats(1, 0));
        assertThat(keyless.fastPath()).isEqualTo(new FastPathStats(1, 0));
    }

    @Test
    void whoeverCancelsIsAskedForNoMore() {
        server(ROOTS, null);
        ofServer.lose(ANSWER, 1);
        Disposable asked = client().vote(address("server"), ROOTS).subscribe(votes::add, errors::add);
        network.advance(Duration.ofMillis(100));

        asked.dispose();
        network.advance(Duration.ofSeconds(40));

        assertThat(ofClient.sent(FAST)).hasSize(1);
        assertThat(ofClient.sockets).as("the port of one who does not listen").isEmpty();
        assertThat(votes).isEmpty();
        assertThat(errors).isEmpty();
    }

    @Test
    void oneAfterTheOtherComeFromOnePort() {
        server(ROOTS, null);
        PeerNode client = client();
        for (int i = 0; i < 5; i++) {
            ask(client, ROOTS);
            network.advance(Duration.ofMillis(30));
            assertThat(ofClient.sockets).hasSize(1);
        }
        assertThat(votes).hasSize(5);
        network.advance(Duration.ofMillis(100));
        assertThat(ofClient.sockets).isEmpty();
    }

    @Test
    void comesFromTheListenerOfANodeThatListens() {
        server(ROOTS, null);
        PeerNode client = start(network.listener("client").transport(ofClient));
        ask(client, ROOTS);
        network.advance(Duration.ofMillis(20));

        assertThat(votes).hasSize(1);
        assertThat(ofClient.sockets).hasSize(1);
    }

    @Test
    void goesToEachPlaceThatAnAddressHas() {
        server(ROOTS, null);
        network.datagramTransport("nobody")
                .resolve(address("nobody"), Duration.ofSeconds(1), DialProgress.UNHEARD)
                .subscribe(ofClient.before::addAll);
        ask(client(), ROOTS);
        network.advance(Duration.ofMillis(600));

        assertThat(votes).containsExactly(Vote.AGREE);
    }

    @Test
    void isBusyWhereTooManyAreOpen() {
        PeerNode client = client();
        Flux.range(0, 4_097)
                .flatMap(i -> client.vote(address("server"), ROOTS), 5_000)
                .subscribe(votes::add, errors::add);
        network.settle();

        assertFailed(ReplyMissingException.class, ErrorCode.BUSY, "4096 votes are open");
    }

    @Test
    void endsWithItsNode() {
        PeerNode client = client();
        ask(client, ROOTS);
        network.settle();
        client.dispose();
        network.settle();
        assertFailed(ReplyMissingException.class, ErrorCode.NODE_CLOSED, "this node is closed");

        errors.clear();
        ask(client, ROOTS);
        network.settle();
        assertThat(errors).hasSize(1);
    }

    @Test
    void failsWhereTheWayTakesNoDatagramOfThatSize() {
        server(ROOTS, null);
        network.between("client", "server").mtu(1_500).mtuIsKnown(true);
        ask(client(), RootSet.of(Collections.nCopies(64, Bytes.copyOf(new byte[32]))));
        network.advance(Duration.ofMillis(20));

        assertFailed(ReplyMissingException.class, ErrorCode.PAYLOAD_TOO_LARGE, "no datagram of 2066 bytes");
    }

    @Test
    void goesOverDatagramsOnly() {
        PeerNode client = client();
        client.vote(PeerAddress.tcp("server", 7_400), ROOTS).subscribe(votes::add, errors::add);
        network.settle();

        assertFailed(ConnectException.class, ErrorCode.ADDRESS_UNUSABLE, "datagrams");
    }

    @Test
    void aMajorityOfAllWhoWereAskedIsSure() {
        List<PeerAddress> all = IntStream.range(0, 5)
                .mapToObj(i -> {
                    RootSet has = i < 3 ? ROOTS : roots(7);
                    start(network.listener("voter-" + i).fastPath(VoteCodec.COMMAND, service(() -> has, null)));
                    return address("voter-" + i);
                })
                .toList();
        network.between("client", "voter-4").loss(1);
        PeerNode client = client();
        Votes.majority(
                        Flux.fromIterable(all)
                                .flatMap(voter -> client.vote(voter, ROOTS).onErrorComplete()),
                        5)
                .subscribe(votes::add, errors::add);
        network.advance(Duration.ofMillis(20));

        assertThat(votes).as("without the one that is not heard").containsExactly(Vote.AGREE);
    }

    private static String nonce(byte[] question) {
        return Arrays.toString(Arrays.copyOfRange(question, 2, 18));
    }

    private void ask(PeerNode client, RootSet roots) {
        ask(client, roots, VoteOptions.defaults());
    }

    private void ask(PeerNode client, RootSet roots, VoteOptions options) {
        client.vote(address("server"), roots, options).subscribe(votes::add, errors::add);
    }

    private void assertFailed(Class<? extends WeirException> kind, ErrorCode code, String why) {
        assertThat(votes).isEmpty();
        assertThat(errors).singleElement().isInstanceOf(kind).satisfies(e -> {
            assertThat(((WeirException) e).reason().error()).isEqualTo(code);
            assertThat(e).hasMessageContaining(why);
        });
    }

    private PeerAddress address(String host) {
        return network.address(host);
    }

    private PeerNode server(RootSet has, @Nullable VoteKey key) {
        return start(
                network.listener("server").transport(ofServer).fastPath(VoteCodec.COMMAND, service(() -> has, key)));
    }

    private PeerNode client() {
        return start(network.node("client").transport(ofClient));
    }

    private PeerNode start(PeerNodeSpec spec) {
        List<PeerNode> started = new ArrayList<>();
        spec.start().subscribe(started::add, errors::add);
        network.settle();
        used.add(started.get(0));
        return started.get(0);
    }

    private IntegrityService service(Supplier<@Nullable RootSet> supplier, @Nullable VoteKey key) {
        IntegrityService service =
                IntegrityService.refreshing(supplier::get, Duration.ofSeconds(1), key, network.time());
        used.add(service);
        network.settle();
        return service;
    }

    private static RootSet roots(int... fills) {
        return RootSet.of(Arrays.stream(fills)
                .mapToObj(fill -> {
                    byte[] root = new byte[32];
                    Arrays.fill(root, (byte) fill);
                    return Bytes.copyOf(root);
                })
                .toList());
    }
}
