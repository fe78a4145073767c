package io.weir.reactive.transport;

import static io.weir.reactive.transport.ContractNodes.PATIENCE;
import static io.weir.reactive.transport.ContractNodes.address;
import static io.weir.reactive.transport.ContractNodes.await;
import static io.weir.reactive.transport.ContractNodes.awaitTrue;
import static io.weir.reactive.transport.ContractNodes.connect;
import static io.weir.reactive.transport.ContractNodes.end;
import static io.weir.reactive.transport.ContractNodes.session;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.error.ErrorCode;
import io.weir.core.error.ReplyMissingException;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerSession;
import io.weir.reactive.codec.Codec;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/**
 * What nodes promise each other, whatever carries their sessions, and that nothing of what these carry is lost or mixed up. Ends,
 * demand and isolation of streams are in {@code StreamContract}.
 */
@Timeout(240)
public abstract class SessionContractTest extends NodesContract {

    private static final int LONG = 2_000;
    private static final int MANY_STREAMS = 200;
    private static final int MANY_NODES = 40;
    private static final int MANY_REQUESTS = 2_000;

    @Test
    void elementsOfEverySizeComeWhole() {
        PeerSession session = connect(nodes.start(), server());
        Random random = new Random(1);
        List<byte[]> elements = new ArrayList<>();
        for (int bytes : new int[] {0, 1, 1_000, 1_452, 16_384, 65_535, 65_536, 1 << 20, 8 << 20}) {
            byte[] element = new byte[bytes];
            random.nextBytes(element);
            elements.add(element);
        }

        List<byte[]> back = await(session.exchange("echo", Flux.fromIterable(elements), Codec.bytes(), Codec.bytes())
                .collectList());

        assertThat(back).usingElementComparator(Arrays::compare).containsExactlyElementsOf(elements);
    }

    @Test
    void aLongStreamComesWholeAndInOrder() {
        PeerSession session = connect(nodes.start(), server());
        CRC32 sent = new CRC32();
        CRC32 come = new CRC32();

        long count = await(session.exchange(
                        "echo",
                        Flux.range(0, LONG).map(SessionContractTest::chunk).doOnNext(sent::update),
                        Codec.bytes(),
                        Codec.bytes())
                .doOnNext(come::update)
                .count());

        assertThat(count).isEqualTo(LONG);
        assertThat(come.getValue()).isEqualTo(sent.getValue());
    }

    private static byte[] chunk(int number) {
        byte[] chunk = new byte[16 << 10];
        for (int i = 0; i < chunk.length; i++) {
            chunk[i] = (byte) (number * 31 + i);
        }
        return chunk;
    }

    @Test
    void manyStreamsBothWaysLoseNothingAndKeepApart() {
        PeerNode server = server();
        PeerNode client = nodes.start(this::serving);
        PeerSession there = connect(client, server);
        PeerSession here = session(server, client);

        Flux<Boolean> all = Flux.range(0, MANY_STREAMS)
                .flatMap(number -> echoed(number % 2 == 0 ? there : here, number), MANY_STREAMS);

        assertThat(await(all.all(whole -> whole))).isTrue();
    }

    private static Mono<Boolean> echoed(PeerSession session, int number) {
        Flux<byte[]> values = Flux.range(0, 100)
                .map(i -> ByteBuffer.allocate(1_000).putInt(number).putInt(i).array());
        return session.exchange("echo", values, Codec.bytes(), Codec.bytes())
                .zipWith(values, Arrays::equals)
                .collectList()
                .map(equal -> equal.size() == 100 && !equal.contains(false));
    }

    @Test
    void manyNodesAtOneAddress() {
        PeerNode server = server();
        List<PeerNode> clients = new ArrayList<>();
        for (int i = 0; i < MANY_NODES; i++) {
            clients.add(nodes.start());
        }

        Flux<String> replies = Flux.fromIterable(clients)
                .flatMap(
                        client -> client.connect(address(server))
                                .flatMapMany(session -> Flux.range(0, 20)
                                        .flatMap(i -> session.request(
                                                "twice", client.id() + " " + i, Codec.utf8(), Codec.utf8()))),
                        MANY_NODES);

        assertThat(await(replies.distinct().count())).isEqualTo(20L * MANY_NODES);
        assertThat(server.liveSessions()).hasSize(MANY_NODES);
    }

    @Test
    void eachRequestHasItsOwnReply() {
        PeerNode server = server();
        PeerNode client = nodes.start(this::serving);
        PeerSession there = connect(client, server);
        PeerSession here = session(server, client);

        Flux<Boolean> right = Flux.range(0, MANY_REQUESTS)
                .flatMap(
                        i -> (i % 2 == 0 ? there : here)
                                .request("twice", i + ".", Codec.utf8(), Codec.utf8())
                                .map((i + "." + i + ".")::equals),
                        500);

        assertThat(await(right.filter(Boolean::booleanValue).count())).isEqualTo(MANY_REQUESTS);
        StepVerifier.create(there.request("nothing", "", Codec.utf8(), Codec.utf8()))
                .expectErrorSatisfies(e ->
                        assertThat(((ReplyMissingException) e).reason().error()).isEqualTo(ErrorCode.NO_HANDLER))
                .verify(PATIENCE);
    }

    @Test
    void aRequestThatIsGivenUpIsGivenUpThere() {
        CompletableFuture<Boolean> asked = new CompletableFuture<>();
        CompletableFuture<Boolean> cancelled = new CompletableFuture<>();
        PeerNode server = nodes.start(spec -> serving(spec)
                .onRequest(
                        "never",
                        request -> Mono.<ByteBuffer>never()
                                .doOnSubscribe(s -> asked.complete(true))
                                .doOnCancel(() -> cancelled.complete(true))));
        PeerSession session = connect(nodes.start(), server);

        var asking = session.request("never", "", Codec.utf8(), Codec.utf8()).subscribe();
        assertThat(await(Mono.fromFuture(asked))).isTrue();
        asking.dispose();

        assertThat(await(Mono.fromFuture(cancelled))).isTrue();
    }

    @Test
    void oneWayMessagesAllCome() {
        AtomicInteger came = new AtomicInteger();
        PeerNode server = nodes.start(spec -> serving(spec)
                .onMessage(
                        "note",
                        message -> Mono.fromRunnable(
                                () -> came.addAndGet(Integer.parseInt(message.decode(Codec.utf8()))))));
        PeerSession session = connect(nodes.start(), server);

        end(Flux.range(1, 1_000)
                .concatMap(number -> session.send("note", String.valueOf(number), Codec.utf8()))
                .then());

        awaitTrue("the sum is right", () -> came.get() == 500_500);
    }
}
