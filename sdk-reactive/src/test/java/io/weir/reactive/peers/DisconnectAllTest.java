package io.weir.reactive.peers;

import static io.weir.reactive.peers.PeersKit.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.core.peer.PeerAddress;
import io.weir.core.stream.StreamConfig;
import io.weir.reactive.ManagedPeer;
import io.weir.reactive.PeerEvent;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerSession;
import io.weir.reactive.PeerState;
import io.weir.reactive.SessionState;
import io.weir.reactive.codec.Codec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;

/** A node that lets go of all its peers and goes on. */
class DisconnectAllTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final PeersKit kit = new PeersKit();
    private final List<String> ends = new ArrayList<>();

    @AfterEach
    void nothingIsLeft() {
        kit.close();
    }

    private void disconnectAll(PeerNode node, Duration deadline) {
        node.peers().disconnectAll(deadline).subscribe(null, e -> ends.add("error " + e), () -> ends.add("complete"));
        kit.settle();
    }

    private PeerSession connect(PeerNode node, PeerAddress address) {
        List<PeerSession> sessions = new ArrayList<>();
        node.connect(address).subscribe(sessions::add);
        kit.settle();
        return sessions.get(0);
    }

    @Test
    void everyWantedPeerIsForgottenAndTheNodeGoesOn() {
        kit.server("a");
        kit.server("b");
        kit.server("guest");
        PeerNode keeper = kit.keeper();
        List<ManagedPeer> peers = keeper.peers().connectAll(List.of(at("a"), at("b"), at("nowhere")));
        PeerSession guest = connect(keeper, at("guest"));

        disconnectAll(keeper, MINUTE);

        assertThat(ends).containsExactly("complete");
        assertThat(peers).allMatch(peer -> peer.state() instanceof PeerState.Removed);
        assertThat(keeper.peers().list()).isEmpty();
        assertThat(guest.state()).as("nobody wanted it").isEqualTo(SessionState.READY);
        kit.advance(MINUTE);
        assertThat(kit.events(PeerEvent.ConnectionReady.class))
                .as("nobody is dialled again")
                .hasSize(3);
        ManagedPeer again = keeper.peers().add(at("a"));
        kit.settle();
        assertThat(again.state()).isInstanceOf(PeerState.Ready.class);
    }

    @Test
    void nothingHappensBeforeItIsSubscribedTo() {
        kit.server("a");
        PeerNode keeper = kit.keeper();
        ManagedPeer peer = keeper.peers().add(at("a"));
        kit.settle();
        Mono<Void> cold = keeper.peers().disconnectAll(MINUTE);
        kit.settle();
        assertThat(peer.state()).isInstanceOf(PeerState.Ready.class);
        StepVerifier.create(cold).then(kit::settle).verifyComplete();
        assertThat(peer.state()).isInstanceOf(PeerState.Removed.class);
    }

    @Test
    void whatWasBegunGoesOnUntilTheDeadlineCutsItOff() {
        Sinks.Many<String> source = Sinks.many().unicast().onBackpressureBuffer();
        kit.start(
                "a",
                spec -> spec.listen(at("a"))
                        .onStream("short", stream -> stream.send(source.asFlux(), Codec.utf8()))
                        .onStream("endless", stream -> stream.send(Flux.never(), Codec.utf8())));
        PeerNode keeper = kit.keeper();
        ManagedPeer peer = keeper.peers().add(at("a"));
        kit.settle();
        PeerSession session = PeersKit.session(peer);
        List<String> got = new ArrayList<>();
        session.openStream("short", StreamConfig.reliable())
                .receive(Codec.utf8())
                .subscribe(got::add, e -> got.add("error"), () -> got.add("end"));
        session.openStream("endless", StreamConfig.reliable())
                .receive(Codec.utf8())
                .subscribe(null, e -> {});
        kit.settle();

        disconnectAll(keeper, MINUTE);
        source.tryEmitNext("late").orThrow();
        source.tryEmitComplete().orThrow();
        kit.advance(Duration.ofSeconds(59));
        assertThat(got).containsExactly("late", "end");
        assertThat(ends).isEmpty();

        kit.advance(Duration.ofSeconds(2));
        assertThat(ends).containsExactly("complete");
        assertThat(kit.events(PeerEvent.DrainCutOff.class)).hasSize(1);
    }

    @Test
    void aDialInProgressIsGivenUpAndASourceFollowedNoMore() {
        Sinks.Many<Set<PeerAddress>> named = Sinks.many().unicast().onBackpressureBuffer();
        PeerNode keeper = kit.keeper();
        keeper.peers().follow(named.asFlux());
        named.tryEmitNext(Set.of(at("a"))).orThrow();
        kit.settle();
        assertThat(keeper.peers().list()).hasSize(1);

        disconnectAll(keeper, MINUTE);
        assertThat(ends).containsExactly("complete");
        assertThat(named.currentSubscriberCount()).isZero();
        kit.server("a");
        kit.advance(MINUTE);
        assertThat(keeper.peers().list()).isEmpty();
        assertThat(kit.events(PeerEvent.ConnectionReady.class)).isEmpty();
    }

    /** One behind the other each deadline would begin when those before it have passed. */
    @Test
    void moreThanAnOperatorRunsByDefaultAreDrainedAtOnce() {
        int servers = 300;
        PeerNode keeper = kit.keeper();
        for (int i = 0; i < servers; i++) {
            String name = "s" + i;
            kit.start(
                    name,
                    spec -> spec.listen(at(name))
                            .onStream("endless", stream -> stream.send(Flux.never(), Codec.utf8())));
            keeper.peers().add(at(name));
            kit.settle();
            PeersKit.session(keeper.peers().find(at(name)).orElseThrow())
                    .openStream("endless", StreamConfig.reliable())
                    .receive(Codec.utf8())
                    .subscribe(null, e -> {});
        }
        kit.settle();

        disconnectAll(keeper, MINUTE);
        kit.advance(MINUTE.plusSeconds(1));

        assertThat(ends).containsExactly("complete");
        assertThat(kit.events(PeerEvent.DrainCutOff.class)).hasSize(servers);
    }

    @Test
    void completesOnAClosedNodeAndWhereNobodyIsWanted() {
        PeerNode keeper = kit.keeper();
        disconnectAll(keeper, Duration.ZERO);
        assertThat(ends).containsExactly("complete");
        keeper.dispose();
        disconnectAll(keeper, Duration.ZERO);
        assertThat(ends).containsExactly("complete", "complete");
    }

    @Test
    void anImpossibleDeadlineIsRefusedAtOnce() {
        PeerNode keeper = kit.keeper();
        assertThatThrownBy(() -> keeper.peers().disconnectAll(Duration.ofMillis(-1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("deadline is PT-0.001S; legal: PT0S to PT1H");
        assertThatThrownBy(() -> keeper.peers().disconnectAll(Duration.ofHours(2)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
