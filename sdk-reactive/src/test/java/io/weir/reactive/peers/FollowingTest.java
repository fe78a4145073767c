package io.weir.reactive.peers;

import static io.weir.reactive.peers.PeersKit.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.identity.PeerId;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.ManagedPeer;
import io.weir.reactive.NodeLimits;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerState;
import io.weir.reactive.discovery.Discovery;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

/** Peers that a source of sets of addresses names. */
class FollowingTest {

    private final PeersKit kit = new PeersKit();
    private final Sinks.Many<Set<PeerAddress>> named = Sinks.many().unicast().onBackpressureBuffer();

    @AfterEach
    void nothingIsLeft() {
        kit.close();
    }

    @Test
    void thePeersOfTheLatestSetAreWanted() {
        PeerNode keeper = kit.keeper();
        keeper.peers().follow(named.asFlux());

        name("a", "b");
        assertThat(wanted(keeper)).containsExactlyInAnyOrder("a", "b");
        List<ManagedPeer> before = keeper.peers().list();

        name("b", "c");
        assertThat(wanted(keeper)).containsExactlyInAnyOrder("b", "c");
        assertThat(keeper.peers().find(at("b")).orElseThrow()).isIn(before);

        name();
        assertThat(wanted(keeper)).isEmpty();
    }

    @Test
    void whatADiscoveryFindsIsConnected() {
        kit.server("a");
        kit.server("b");
        PeerNode keeper = kit.keeper();

        keeper.peers().follow(Discovery.fixed(at("a"), at("b")));
        kit.settle();

        assertThat(keeper.peers().list()).hasSize(2).allMatch(peer -> peer.state() instanceof PeerState.Ready);
    }

    @Test
    void aSessionStaysWhenItsAddressGoes() {
        kit.server("a");
        PeerNode keeper = kit.keeper();
        keeper.peers().follow(named.asFlux());
        name("a");
        assertThat(keeper.peers().list().get(0).state()).isInstanceOf(PeerState.Ready.class);

        name();

        assertThat(kit.network.links()).isEqualTo(1);
    }

    @Test
    void whatSomebodyElseWantsStaysWanted() {
        PeerNode keeper = kit.keeper();
        Sinks.Many<Set<PeerAddress>> other = Sinks.many().unicast().onBackpressureBuffer();
        keeper.peers().add(at("mine"));
        keeper.peers().follow(named.asFlux());
        keeper.peers().follow(other.asFlux());
        name("mine", "shared", "named");
        other.tryEmitNext(Set.of(at("shared")));
        kit.settle();
        assertThat(keeper.peers().list()).hasSize(3);

        name();

        assertThat(wanted(keeper)).containsExactlyInAnyOrder("mine", "shared");
    }

    @Test
    void theNodesOwnAddressIsLeftOut() {
        PeerNode server = kit.server("server");
        server.peers().follow(named.asFlux());

        name("server", "other");

        assertThat(wanted(server)).containsExactly("other");
    }

    @Test
    void whatWasNamedLastStaysWantedWhenTheSourceEnds() {
        PeerNode keeper = kit.keeper();
        Disposable following = keeper.peers().follow(Flux.just(Set.of(at("a"))));
        keeper.peers().follow(Flux.just(Set.of(at("b"))).concatWith(Flux.error(new IllegalStateException("boom"))));
        kit.settle();
        assertThat(wanted(keeper)).containsExactlyInAnyOrder("a", "b");

        following.dispose();
        kit.settle();

        assertThat(wanted(keeper)).containsExactly("b");
    }

    @Test
    void whoeverStopsFollowingWantsNoMoreWhatWasNamed() {
        PeerNode keeper = kit.keeper();
        Disposable following = keeper.peers().follow(named.asFlux());
        name("a");

        following.dispose();
        kit.settle();

        assertThat(wanted(keeper)).isEmpty();
        assertThat(named.currentSubscriberCount()).isZero();
        assertThat(kit.time.timers()).isZero();
    }

    @Test
    void aPeerStaysWantedWhileOneOfItsAddressesIsNamed() {
        PeerId peer = kit.identity("peer").peerId();
        PeerAddress one = at("one").expecting(peer);
        PeerAddress two = at("two").expecting(peer);
        PeerNode keeper = kit.keeper();
        keeper.peers().follow(named.asFlux());
        named.tryEmitNext(Set.of(one, two));
        kit.settle();
        List<ManagedPeer> before = keeper.peers().list();
        assertThat(before).hasSize(1);

        named.tryEmitNext(Set.of(two));
        kit.settle();
        assertThat(keeper.peers().list()).isEqualTo(before);

        named.tryEmitNext(Set.of());
        kit.settle();
        assertThat(keeper.peers().list()).isEmpty();
    }

    @Test
    void aNodeThatClosesFollowsNobody() {
        PeerNode keeper = kit.keeper();
        keeper.peers().follow(named.asFlux());
        name("a");

        keeper.dispose();
        kit.advance(Duration.ofSeconds(2));
        assertThat(named.currentSubscriberCount()).isZero();

        Sinks.Many<Set<PeerAddress>> late = Sinks.many().unicast().onBackpressureBuffer();
        keeper.peers().follow(late.asFlux());
        kit.settle();
        assertThat(late.currentSubscriberCount()).isZero();
    }

    @Test
    void aSetThatIsTooLargeIsTakenAsFarAsItGoes() {
        PeerNode keeper =
                kit.start("keeper", spec -> spec.limits(NodeLimits.defaults().withMaxSessions(2)));
        keeper.peers().follow(named.asFlux());

        name("a", "b", "c", "d");
        assertThat(keeper.peers().list()).hasSize(2);

        name("c", "d");
        assertThat(wanted(keeper)).containsExactlyInAnyOrder("c", "d");
    }

    private void name(String... names) {
        named.tryEmitNext(Set.of(names).stream().map(PeersKit::at).collect(Collectors.toSet()));
        kit.settle();
    }

    private static List<String> wanted(PeerNode node) {
        return node.peers().list().stream()
                .map(peer -> peer.wanted().addresses().get(0).host())
                .toList();
    }
}
