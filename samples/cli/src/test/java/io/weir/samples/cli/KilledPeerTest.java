package io.weir.samples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.Weir;
import io.weir.core.identity.Identity;
import io.weir.core.identity.PeerId;
import io.weir.core.peer.ConnectionPolicy;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.ManagedPeer;
import io.weir.reactive.PeerEvent;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerNodeSpec;
import io.weir.reactive.PeerSession;
import io.weir.reactive.PeerState;
import io.weir.reactive.WantedPeer;
import io.weir.reactive.codec.Codec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two processes over TCP or UDP, one of which is killed: the other keeps it connected. */
final class KilledPeerTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final PeerNodeSpec NODE =
            Weir.node().connections(ConnectionPolicy.defaults().withLongestDelay(Duration.ofMillis(500)));

    @TempDir
    private Path folder;

    private String key;
    private PeerId id;

    @BeforeEach
    void makeKey() {
        Path file = folder.resolve("peer.key");
        Identity identity = Identity.generate();
        identity.save(file);
        key = file.toString();
        id = identity.peerId();
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp", "udp", "quic"})
    void killedListenerIsDialledUntilItIsBack(String scheme) throws Exception {
        PeerNode node = NODE.startNow(PATIENCE);
        try (ToolProcess first = serve(scheme + "://127.0.0.1:0")) {
            PeerAddress address = PeerAddress.parse(first.address());
            ManagedPeer peer = node.peers().add(address);
            PeerSession before = sessionOtherThan(null, peer);
            assertThat(echo(before, "before")).isEqualTo("before");
            CompletableFuture<PeerEvent.ConnectionLost> lost =
                    node.events().ofType(PeerEvent.ConnectionLost.class).next().toFuture();
            CompletableFuture<PeerState.BackingOff> backingOff =
                    peer.states().ofType(PeerState.BackingOff.class).next().toFuture();

            first.kill();

            assertThat(in(lost).sessionId()).isEqualTo(before.id());
            assertThat(in(backingOff).reason()).isEqualTo(in(lost).reason());
            try (ToolProcess second = serve(address.expecting(null).toString())) {
                PeerSession after = sessionOtherThan(before, peer);
                assertThat(second.address()).isEqualTo(address.toString());
                assertThat(after.peer()).isEqualTo(id);
                assertThat(echo(after, "after")).isEqualTo("after");
            }
        } finally {
            node.close().block(PATIENCE);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp", "udp", "quic"})
    void killedDiallerIsAwaitedUntilItIsBack(String scheme) throws Exception {
        PeerNode node =
                NODE.listen(PeerAddress.parse(scheme + "://127.0.0.1:0")).startNow(PATIENCE);
        String address = node.addresses().get(0).toString();
        ManagedPeer peer = node.peers().add(WantedPeer.of(id));
        try (ToolProcess first = ToolProcess.start("peers", "--add", address, "--identity", key)) {
            PeerSession before = sessionOtherThan(null, peer);
            CompletableFuture<PeerState.AwaitingInbound> awaited =
                    peer.states().ofType(PeerState.AwaitingInbound.class).next().toFuture();

            first.kill();

            assertThat(in(awaited).until()).isNull();
            try (ToolProcess second = ToolProcess.start("peers", "--add", address, "--identity", key)) {
                PeerSession after = sessionOtherThan(before, peer);
                assertThat(after.peer()).isEqualTo(id);
                assertThat(second.isAlive()).isTrue();
                assertThat(after.ping().block(PATIENCE)).isPositive();
                assertThat(node.sessions().takeUntil(after::equals).count().block(PATIENCE))
                        .isEqualTo(1);
            }
        } finally {
            node.close().block(PATIENCE);
        }
    }

    private ToolProcess serve(String address) throws Exception {
        return ToolProcess.start("serve", "--exec", "cat", "--identity", key, "--listen", address);
    }

    private static PeerSession sessionOtherThan(@Nullable PeerSession before, ManagedPeer peer) {
        return Objects.requireNonNull(peer.states()
                .ofType(PeerState.Ready.class)
                .map(PeerState.Ready::session)
                .filter(session -> session != before)
                .blockFirst(PATIENCE));
    }

    private static @Nullable String echo(PeerSession session, String text) {
        return session.request("exec", text, Codec.utf8(), Codec.utf8()).block(PATIENCE);
    }

    private static <T> T in(CompletableFuture<T> future) throws Exception {
        return future.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }
}
