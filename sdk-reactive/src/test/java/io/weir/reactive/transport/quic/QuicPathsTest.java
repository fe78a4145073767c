package io.weir.reactive.transport.quic;

import static io.weir.reactive.transport.ContractNodes.address;
import static io.weir.reactive.transport.ContractNodes.await;
import static io.weir.reactive.transport.ContractNodes.awaitTrue;
import static io.weir.reactive.transport.ContractNodes.session;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.peer.PeerAddress;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerSession;
import io.weir.reactive.codec.Codec;
import io.weir.reactive.transport.PathsContractTest;
import io.weir.reactive.transport.Transport;
import io.weir.reactive.transport.UdpOptions;
import io.weir.reactive.transport.UdpRelay;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Paths of sessions over QUIC. */
class QuicPathsTest extends PathsContractTest {

    private static final int STREAMS = 20;

    @Override
    protected Transport newTransport() {
        return new QuicTransport(1, UdpOptions.defaults(), true);
    }

    @Override
    protected PeerAddress at(String host, int port) {
        return PeerAddress.quic(host, port);
    }

    /**
     * The library would send only two of these packets again, however long it takes. What is lost in a transfer both ways at full
     * speed may still be lost for good.
     */
    @Test
    @Override
    protected void aSessionOutlivesThatItsPeerIsSeenAtAnotherPort() {
        List<Sinks.Many<byte[]>> said = new CopyOnWriteArrayList<>();
        PeerNode server = nodes.start(spec -> spec.listen(at("127.0.0.1", 0)).onStream("said", stream -> {
            Sinks.Many<byte[]> sink = Sinks.many().unicast().onBackpressureBuffer();
            said.add(sink);
            return stream.send(sink.asFlux(), Codec.bytes());
        }));
        PeerNode client = nodes.start();
        try (UdpRelay relay = new UdpRelay(address(server))) {
            PeerSession there = await(client.connect(relay.address().expecting(server.id())));
            PeerSession here = session(server, client);
            List<CompletableFuture<byte[]>> heard = IntStream.range(0, STREAMS)
                    .mapToObj(i -> there.subscribe("said", Codec.bytes()).next().toFuture())
                    .toList();
            awaitTrue("all are there", () -> said.size() == STREAMS);
            assertThat(await(there.ping())).isPositive();

            relay.loseBack(true);
            said.forEach(sink -> sink.tryEmitNext(new byte[1_000]));
            await(Mono.delay(Duration.ofMillis(100))); // they are under way
            relay.rebind();
            relay.loseBack(false);

            assertThat(await(there.ping())).isPositive();
            for (CompletableFuture<byte[]> one : heard) {
                assertThat(await(Mono.fromFuture(one))).hasSize(1_000);
            }
            assertThat(server.liveSessions()).containsExactly(here);
        }
    }

    /** As often as {@link QuicCodecs#MOST_ADDRESSES} says, and no session beside it is the worse for it. */
    @Test
    void followsAPeerThatMovesAgainAndAgain() {
        PeerNode server = server("127.0.0.1", 0);
        PeerNode client = nodes.start();
        try (UdpRelay relay = new UdpRelay(address(server))) {
            PeerSession there = await(client.connect(relay.address().expecting(server.id())));
            PeerSession here = session(server, client);

            for (int move = 1; move < QuicCodecs.MOST_ADDRESSES; move++) {
                relay.rebind();
                assertThat(await(there.ping())).as("move %d", move).isPositive();
            }

            awaitTrue("seen there", () -> ((InetSocketAddress) here.remoteAddress()).getPort() == relay.port());
            assertThat(await(echo(there, 20))).isTrue();
            assertThat(server.liveSessions()).containsExactly(here);
        }
    }
}
