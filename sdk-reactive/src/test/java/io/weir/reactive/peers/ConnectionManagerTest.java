package io.weir.reactive.peers;

import static io.weir.reactive.peers.PeersKit.at;
import static io.weir.reactive.peers.PeersKit.log;
import static io.weir.reactive.peers.PeersKit.session;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ConnectException;
import io.weir.core.error.ErrorCode;
import io.weir.core.peer.Backoff;
import io.weir.core.peer.ConnectionPolicy;
import io.weir.core.peer.PeerAddress;
import io.weir.core.peer.PreferredInitiator;
import io.weir.reactive.ConnectionManager;
import io.weir.reactive.ManagedPeer;
import io.weir.reactive.NodeLimits;
import io.weir.reactive.PeerAdmission;
import io.weir.reactive.PeerEvent;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerSession;
import io.weir.reactive.PeerState;
import io.weir.reactive.SessionState;
import io.weir.reactive.WantedPeer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;

/** Peers that are kept connected, in memory and in virtual time. */
class ConnectionManagerTest {

    private final PeersKit kit = new PeersKit();

    @AfterEach
    void nothingIsLeft() {
        kit.close();
    }

    // ---- dialling

    @Test
    void aWantedPeerIsConnected() {
        PeerNode server = kit.server("server");
        PeerNode keeper = kit.keeper();

        ManagedPeer peer = keeper.peers().add(at("server"));
        List<String> log = log(peer);
        kit.settle();

        assertThat(log).containsExactly("Idle", "Connecting", "Handshaking", "Ready");
        assertThat(session(peer).peer()).isEqualTo(server.id());
        assertThat(peer.id()).contains(server.id());
        assertThat(keeper.peers().list()).containsExactly(peer);
        assertThat(keeper.peers().find(server.id())).contains(peer);
        assertThat(keeper.peers().find(at("server").expecting(keeper.id()))).contains(peer);
    }

    @Test
    void aPeerThatIsNotThereIsDialledUntilItComes() {
        ManagedPeer peer = kit.keeper().peers().add(at("server"));
        kit.settle();
        CloseReason refused = CloseReason.local(ErrorCode.CONNECT_FAILED);
        for (long attempt = 1; attempt <= 12; attempt++) {
            long failures = attempt;
            assertThat(peer.state()).isInstanceOfSatisfying(PeerState.BackingOff.class, waiting -> {
                assertThat(waiting.attempt()).isEqualTo(failures);
                assertThat(waiting.reason()).isEqualTo(refused);
                Duration delay = Duration.between(kit.now(), waiting.until());
                assertThat(delay)
                        .isBetween(
                                Backoff.FLOOR,
                                Duration.ofNanos(Backoff.defaults().ceilingNanos(failures)));
                kit.advance(delay);
            });
        }

        kit.server("server");
        kit.advance(Duration.ofSeconds(30));

        assertThat(peer.state()).isInstanceOf(PeerState.Ready.class);
    }

    @Test
    void addressesAreTriedOneAfterTheOther() {
        PeerNode server = kit.server("c");
        ManagedPeer peer = kit.keeper().peers().add(WantedPeer.of(server.id(), at("a"), at("b"), at("c")));
        List<String> log = log(peer);

        kit.settle();

        assertThat(log).endsWith("Ready").doesNotContain("BackingOff");
        assertThat(kit.events(PeerEvent.ConnectionSetupError.class)).hasSize(2);
    }

    @Test
    void aPeerIsGivenUpAsThePolicySaysAndDialledAnewWhenAskedTo() {
        PeerNode keeper = kit.keeper();
        ManagedPeer peer = keeper.peers()
                .add(WantedPeer.at(at("server"))
                        .withPolicy(ConnectionPolicy.defaults().withMaxAttempts(3)));
        kit.advance(Duration.ofMinutes(1));
        assertThat(peer.state()).isEqualTo(new PeerState.GaveUp(CloseReason.local(ErrorCode.CONNECT_FAILED)));
        assertThat(kit.events(PeerEvent.ConnectionSetupError.class)).hasSize(3);
        assertThat(kit.time.timers()).isZero();
        List<Throwable> errors = new ArrayList<>();
        peer.session().subscribe(session -> {}, errors::add);
        assertThat(errors).singleElement().isInstanceOf(ConnectException.class);

        kit.server("server");
        peer.retry();
        kit.settle();

        assertThat(peer.state()).isInstanceOf(PeerState.Ready.class);
    }

    @Test
    void wantingAPeerAgainDialsItAnewIfItWasGivenUp() {
        PeerNode keeper = kit.keeper();
        WantedPeer wanted = WantedPeer.at(at("server"))
                .withPolicy(ConnectionPolicy.defaults().withMaxAttempts(1));
        ManagedPeer peer = keeper.peers().add(wanted);
        kit.settle();
        assertThat(peer.state()).isInstanceOf(PeerState.GaveUp.class);
        kit.server("server");

        assertThat(keeper.peers().add(wanted)).isSameAs(peer);
        kit.settle();

        assertThat(peer.state()).isInstanceOf(PeerState.Ready.class);
        assertThat(keeper.peers().list()).hasSize(1);
    }

    @Test
    void wantingAPeerAgainAddsItsAddressesAndDisturbsNoSession() {
        PeerNode server = kit.server("server");
        PeerNode keeper = kit.keeper();
        ManagedPeer peer = keeper.peers().add(WantedPeer.of(server.id(), at("server")));
        kit.settle();
        PeerSession session = session(peer);
        List<String> log = log(peer);

        keeper.peers().add(WantedPeer.of(server.id(), at("other")));
        kit.settle();

        assertThat(peer.wanted().addresses())
                .containsExactly(
                        at("server").expecting(server.id()), at("other").expecting(server.id()));
        assertThat(log).containsExactly("Ready");
        assertThat(session(peer)).isSameAs(session);
    }

    @Test
    void aPeerThatIsConnectedAlreadyIsReadyWithoutADial() {
        PeerNode server = kit.server("server");
        PeerNode keeper = kit.keeper();
        List<PeerSession> sessions = new ArrayList<>();
        keeper.connect(at("server")).subscribe(sessions::add);
        kit.settle();

        ManagedPeer peer = keeper.peers().add(WantedPeer.of(server.id(), at("nowhere")));
        kit.settle();

        assertThat(session(peer)).isSameAs(sessions.get(0));
    }

    // ---- losing

    @Test
    void aLostPeerIsDialledAgainAtOnceButNotAllAtOnce() {
        int count = 60;
        kit.start("server", spec -> spec.listen(at("server")));
        List<ManagedPeer> peers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            peers.add(kit.start("client" + i, spec -> spec).peers().add(at("server")));
        }
        kit.settle();
        assertThat(peers).allMatch(peer -> peer.state() instanceof PeerState.Ready);

        kit.network.reset("server");
        kit.settle();

        List<Instant> until = peers.stream()
                .map(peer -> ((PeerState.BackingOff) peer.state()).until())
                .sorted()
                .toList();
        assertThat(until).doesNotHaveDuplicates();
        assertThat(Duration.between(kit.now(), until.get(count - 1)))
                .isBetween(Duration.ofMillis(400), Duration.ofMillis(500));
        assertThat(Duration.between(kit.now(), until.get(count / 2)))
                .isBetween(Duration.ofMillis(150), Duration.ofMillis(350));
        kit.advance(Duration.ofMillis(500));
        assertThat(peers).allMatch(peer -> peer.state() instanceof PeerState.Ready);
    }

    @Test
    void aPeerThatRestartsIsConnectedAgain() {
        PeerNode server = kit.server("server");
        ManagedPeer peer = kit.keeper().peers().add(at("server"));
        kit.settle();
        PeerSession before = session(peer);
        server.dispose();
        kit.advance(Duration.ofSeconds(1));
        assertThat(peer.state()).isInstanceOf(PeerState.BackingOff.class);

        kit.server("server");
        kit.advance(Duration.ofSeconds(30));

        assertThat(session(peer)).isNotSameAs(before);
        assertThat(session(peer).peer()).isEqualTo(server.id());
    }

    @Test
    void aSessionThatTheApplicationClosedIsOpenedAgainWhileThePeerIsWanted() {
        kit.server("server");
        ManagedPeer peer = kit.keeper().peers().add(at("server"));
        kit.settle();
        PeerSession before = session(peer);

        before.dispose();
        kit.advance(Duration.ofSeconds(2));

        assertThat(session(peer)).isNotSameAs(before);
    }

    @Test
    void aPeerThatAcceptsAndClosesInALoopIsDialledLessAndLessOften() {
        PeerNode server = kit.server("server");
        server.sessions().subscribe(PeerSession::dispose);
        kit.keeper().peers().add(at("server"));

        kit.advance(Duration.ofMinutes(1));
        int inTheFirstMinute = kit.events(PeerEvent.ConnectionReady.class).size();
        kit.advance(Duration.ofMinutes(9));

        assertThat(inTheFirstMinute).isBetween(5, 16);
        assertThat(kit.events(PeerEvent.ConnectionReady.class).size() - inTheFirstMinute)
                .isBetween(25, 60);
    }

    @Test
    void aPeerWithoutAddressIsAwaitedAndAwaitedAgain() {
        PeerNode server = kit.server("server");
        PeerNode client = kit.start("client", spec -> spec);
        ManagedPeer peer = server.peers().add(WantedPeer.of(client.id()));
        kit.settle();
        assertThat(peer.state()).isEqualTo(new PeerState.AwaitingInbound(null));

        client.connect(at("server")).subscribe();
        kit.settle();
        assertThat(session(peer).peer()).isEqualTo(client.id());

        client.dispose();
        kit.advance(Duration.ofSeconds(1));
        assertThat(peer.state()).isEqualTo(new PeerState.AwaitingInbound(null));
    }

    @Test
    void aPeerThatIsToDialIsAwaitedAndThenDialled() {
        PeerNode server = kit.server("server");
        ManagedPeer peer = kit.keeper()
                .peers()
                .add(WantedPeer.of(server.id(), at("server"))
                        .withPolicy(ConnectionPolicy.defaults().withInitiator(PreferredInitiator.PEER)));
        kit.settle();
        assertThat(peer.state())
                .isEqualTo(new PeerState.AwaitingInbound(kit.now().plusSeconds(10)));

        kit.advance(Duration.ofSeconds(10));
        assertThat(peer.state()).isInstanceOf(PeerState.Ready.class);
    }

    @Test
    void ofTwoThatWantEachOtherOneDialsAgain() {
        PeerNode a = kit.server("a");
        PeerNode b = kit.server("b");
        ConnectionPolicy policy = ConnectionPolicy.defaults().withInitiator(PreferredInitiator.LOWER_KEY);
        ManagedPeer atA = a.peers().add(WantedPeer.of(b.id(), at("b")).withPolicy(policy));
        ManagedPeer atB = b.peers().add(WantedPeer.of(a.id(), at("a")).withPolicy(policy));
        kit.settle();
        for (int i = 0; i < 5; i++) {
            assertThat(session(atA).initiator()).isEqualTo(a.id().compareTo(b.id()) < 0);
            assertThat(session(atB).initiator()).isNotEqualTo(session(atA).initiator());
            assertThat(kit.network.links()).isEqualTo(1);
            kit.network.reset("a");
            kit.advance(Duration.ofSeconds(20));
        }
    }

    // ---- who it is

    @Test
    void anotherIdentityThanTheExpectedOneIsDialledAsSeldomAsThePolicyAllows() {
        kit.server("server");
        ManagedPeer peer = kit.keeper()
                .peers()
                .add(WantedPeer.of(kit.identity("somebody else").peerId(), at("server")));

        kit.advance(Duration.ofMinutes(10));

        assertThat(peer.state())
                .isInstanceOfSatisfying(
                        PeerState.BackingOff.class,
                        waiting ->
                                assertThat(waiting.reason()).isEqualTo(CloseReason.local(ErrorCode.IDENTITY_MISMATCH)));
        assertThat(kit.events(PeerEvent.ConnectionSetupError.class)).hasSizeBetween(20, 41);
    }

    @Test
    void aPeerThatDoesNotAdmitIsNotDialledAgain() {
        kit.start("server", spec -> spec.listen(at("server")).admission(PeerAdmission.allowList(List.of())));
        ManagedPeer peer = kit.keeper().peers().add(at("server"));

        kit.advance(Duration.ofMinutes(10));

        assertThat(peer.state()).isEqualTo(new PeerState.GaveUp(CloseReason.remote(ErrorCode.NOT_ADMITTED)));
        assertThat(kit.events(PeerEvent.ConnectionSetupError.class)).hasSize(1);
    }

    @Test
    void anotherIdentityAtAnAddressWithoutExpectationIsTold() {
        PeerNode before = kit.server("server");
        ManagedPeer peer = kit.keeper().peers().add(at("server"));
        kit.settle();
        before.dispose();
        kit.advance(Duration.ofSeconds(1));

        PeerNode now = kit.start("successor", spec -> spec.listen(at("server")));
        kit.advance(Duration.ofSeconds(30));

        assertThat(kit.events(PeerEvent.PeerChanged.class))
                .containsExactly(new PeerEvent.PeerChanged(at("server"), before.id(), now.id()));
        assertThat(peer.id()).contains(now.id());
        assertThat(session(peer).peer()).isEqualTo(now.id());
    }

    @Test
    void theNodeItselfIsRefused() {
        PeerNode node = kit.server("server");
        List<WantedPeer> itself =
                List.of(WantedPeer.at(at("server")), WantedPeer.of(node.id()), WantedPeer.of(node.id(), at("other")));

        assertThat(itself)
                .allSatisfy(wanted -> assertThatThrownBy(() -> node.peers().add(wanted))
                        .isInstanceOfSatisfying(
                                ConnectException.class,
                                e -> assertThat(e.reason()).isEqualTo(CloseReason.local(ErrorCode.SELF_CONNECT))));
        assertThat(node.peers().connectAll(List.of(at("server")))).isEmpty();
        assertThat(node.peers().list()).isEmpty();
    }

    @Test
    void theNodeItselfByAnotherNameIsGivenUp() {
        PeerNode node = kit.start(
                "server",
                spec -> spec.listen(at("server"))
                        .transport(new AliasTransport(kit.network.transport("server"), "alias", "server"))
                        .onEvent(kit.events::add));
        ManagedPeer peer = node.peers().add(at("alias"));

        kit.advance(Duration.ofMinutes(10));

        assertThat(peer.state())
                .isInstanceOfSatisfying(
                        PeerState.GaveUp.class,
                        gaveUp -> assertThat(gaveUp.reason().error()).isEqualTo(ErrorCode.SELF_CONNECT));
        assertThat(kit.events(PeerEvent.ConnectionSetupError.class)).hasSize(1);
    }

    @Test
    void anAddressThatNoTransportKnowsIsGivenUp() {
        ManagedPeer peer = kit.keeper().peers().add(PeerAddress.parse("sctp://server.example:7400"));
        kit.advance(Duration.ofMinutes(10));

        assertThat(peer.state()).isInstanceOfSatisfying(PeerState.GaveUp.class, gone -> {
            assertThat(gone.reason()).isEqualTo(CloseReason.local(ErrorCode.ADDRESS_UNUSABLE));
            assertThat(gone.reason().detail()).contains("no transport for sctp://server.example:7400");
        });
        assertThat(kit.events(PeerEvent.ConnectionSetupError.class)).hasSize(1);
    }

    @Test
    void thePeerThatIsWantedByTwoAddressesHasOneSession() {
        kit.start("server", spec -> spec.listen(at("one")).listen(at("two")));
        PeerNode keeper = kit.keeper();

        List<ManagedPeer> peers = keeper.peers().connectAll(List.of(at("one"), at("two")));
        kit.settle();

        assertThat(session(peers.get(0))).isSameAs(session(peers.get(1)));
        assertThat(kit.network.links()).isEqualTo(1);
        for (int i = 0; i < 5; i++) {
            kit.network.reset("server");
            kit.network.reset("one");
            kit.network.reset("two");
            kit.advance(Duration.ofSeconds(5));
            assertThat(session(peers.get(0))).isSameAs(session(peers.get(1)));
            assertThat(kit.network.links()).isEqualTo(1);
        }
    }

    // ---- the bound of dials

    @Test
    void noMoreDialsAreMadeAtOnceThanAllowed() {
        SilentTransport silent = new SilentTransport();
        PeerNode keeper = kit.start(
                "keeper",
                spec -> spec.transport(silent).limits(NodeLimits.defaults().withMaxParallelDials(3)));
        List<ManagedPeer> peers = IntStream.range(0, 10)
                .mapToObj(i -> keeper.peers().add(at("peer" + i)))
                .toList();
        kit.settle();
        assertThat(silent.dialled()).containsExactly("peer0", "peer1", "peer2");
        assertThat(peers.get(3).state()).isEqualTo(new PeerState.Idle());

        silent.refuse("peer1");
        kit.settle();
        peers.get(3).remove();
        peers.get(0).remove();
        kit.settle();

        assertThat(silent.dialled()).containsExactly("peer0", "peer1", "peer2", "peer3", "peer4", "peer5");
        assertThat(silent.inProgress()).containsExactly("peer2", "peer4", "peer5");
    }

    @Test
    void aPeerThatFailsQueuesBehindThoseThatWait() {
        SilentTransport silent = new SilentTransport();
        PeerNode keeper = kit.start(
                "keeper",
                spec -> spec.transport(silent).limits(NodeLimits.defaults().withMaxParallelDials(1)));
        keeper.peers().add(WantedPeer.of(kit.identity("p").peerId(), at("a"), at("b")));
        keeper.peers().add(at("c"));
        keeper.peers().add(at("d"));
        kit.settle();

        for (String name : List.of("a", "c", "d", "b")) {
            assertThat(silent.inProgress()).containsExactly(name);
            silent.refuse(name);
            kit.settle();
        }
    }

    @Test
    void noMorePeersAreWantedThanTheNodeMayHaveSessions() {
        PeerNode keeper =
                kit.start("keeper", spec -> spec.limits(NodeLimits.defaults().withMaxSessions(2)));
        keeper.peers().connectAll(List.of(at("a"), at("b")));

        assertThatThrownBy(() -> keeper.peers().add(at("c")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("wanted peers are 2, must be at most maxSessions, 2");

        keeper.peers().list().get(0).remove();
        keeper.peers().add(at("c"));
        assertThat(keeper.peers().list()).hasSize(2);
    }

    // ---- wanting no more

    @Test
    void aPeerThatIsRemovedWhileItIsDialledIsNotDialled() {
        SilentTransport silent = new SilentTransport();
        PeerNode keeper = kit.start("keeper", spec -> spec.transport(silent));
        ManagedPeer peer = keeper.peers().add(at("server"));
        List<String> log = log(peer);
        kit.settle();
        assertThat(silent.inProgress()).hasSize(1);

        peer.remove();
        kit.settle();

        assertThat(silent.inProgress()).isEmpty();
        assertThat(log).containsExactly("Idle", "Connecting", "Removed", "end");
        assertThat(peer.state()).isEqualTo(new PeerState.Removed(CloseReason.local(ErrorCode.CANCELLED)));
        assertThat(keeper.peers().list()).isEmpty();
        peer.retry();
        peer.remove();
        kit.advance(Duration.ofMinutes(1));
        assertThat(silent.dialled()).hasSize(1);
    }

    @Test
    void aPeerThatIsRemovedWhileItBacksOffLeavesNoTimer() {
        ManagedPeer peer = kit.keeper().peers().add(at("server"));
        kit.settle();
        assertThat(kit.time.timers()).isEqualTo(1);

        peer.remove();
        kit.settle();

        assertThat(kit.time.timers()).isZero();
    }

    @Test
    void removingAPeerLeavesItsSession() {
        kit.server("server");
        PeerNode keeper = kit.keeper();
        ManagedPeer peer = keeper.peers().add(at("server"));
        kit.settle();
        PeerSession session = session(peer);

        peer.remove();
        kit.settle();
        assertThat(session.state()).isEqualTo(SessionState.READY);

        session.dispose();
        kit.advance(Duration.ofMinutes(1));
        assertThat(kit.events(PeerEvent.ConnectionReady.class)).hasSize(1);
    }

    @Test
    void disconnectingAPeerClosesItsSession() {
        kit.server("server");
        PeerNode keeper = kit.keeper();
        ManagedPeer peer = keeper.peers().add(at("server"));
        kit.settle();
        PeerSession session = session(peer);

        peer.disconnect().subscribe();
        kit.advance(Duration.ofMinutes(1));

        assertThat(session.isDisposed()).isTrue();
        assertThat(peer.state()).isInstanceOf(PeerState.Removed.class);
        assertThat(kit.events(PeerEvent.ConnectionReady.class)).hasSize(1);
    }

    @Test
    void theNodesEndEndsEverything() {
        kit.server("server");
        PeerNode keeper = kit.keeper();
        List<ManagedPeer> peers = keeper.peers().connectAll(List.of(at("server"), at("nowhere")));
        List<ConnectionManager.PeerChange> changes = new ArrayList<>();
        List<String> ends = new ArrayList<>();
        keeper.peers().states().subscribe(changes::add, e -> ends.add("error"), () -> ends.add("complete"));
        List<Throwable> errors = new ArrayList<>();
        keeper.peer(kit.identity("nobody").peerId()).session().subscribe(s -> {}, errors::add);
        kit.settle();

        keeper.dispose();
        kit.advance(Duration.ofSeconds(1));

        PeerState removed = new PeerState.Removed(CloseReason.local(ErrorCode.NODE_CLOSED));
        assertThat(peers).allSatisfy(peer -> assertThat(peer.state()).isEqualTo(removed));
        assertThat(changes)
                .contains(
                        new ConnectionManager.PeerChange(peers.get(0), removed),
                        new ConnectionManager.PeerChange(peers.get(1), removed));
        assertThat(ends).containsExactly("complete");
        assertThat(errors).singleElement().isInstanceOf(ConnectException.class);
        ManagedPeer late = keeper.peers().add(at("server"));
        kit.settle();
        assertThat(late.state()).isEqualTo(removed);
        assertThat(log(late)).containsExactly("Removed", "end");
    }

    // ---- telling

    @Test
    void aSlowSubscriberGetsTheLatestStateAndTheEnd() {
        kit.server("server");
        ManagedPeer peer = kit.keeper().peers().add(at("server"));
        List<PeerState> seen = new ArrayList<>();
        List<String> ends = new ArrayList<>();
        BaseSubscriber<PeerState> slow = new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(Subscription subscription) {
                request(1);
            }

            @Override
            protected void hookOnNext(PeerState state) {
                seen.add(state);
            }

            @Override
            protected void hookOnComplete() {
                ends.add("complete");
            }
        };
        peer.states().subscribe(slow);
        kit.settle();
        assertThat(seen).containsExactly(new PeerState.Idle());
        slow.request(1);
        assertThat(seen).hasSize(2).last().isInstanceOf(PeerState.Ready.class);

        peer.remove();
        kit.settle();
        assertThat(seen).hasSize(2);
        slow.request(1);

        assertThat(seen).hasSize(3).last().isInstanceOf(PeerState.Removed.class);
        assertThat(ends).containsExactly("complete");
    }

    @Test
    void allChangesOfAllPeersAreTold() {
        kit.server("a");
        kit.server("b");
        PeerNode keeper = kit.keeper();
        ManagedPeer a = keeper.peers().add(at("a"));
        kit.settle();
        List<ConnectionManager.PeerChange> changes = new ArrayList<>();
        keeper.peers().states().subscribe(changes::add);
        kit.settle();
        assertThat(changes).containsExactly(new ConnectionManager.PeerChange(a, a.state()));

        ManagedPeer b = keeper.peers().add(at("b"));
        kit.settle();

        assertThat(changes.subList(1, changes.size()))
                .allMatch(change -> change.peer() == b)
                .last()
                .isEqualTo(new ConnectionManager.PeerChange(b, b.state()));
    }

    @Test
    void aPeerThatIsAddedWhileSomebodyBeginsToWatchIsToldOnce() {
        PeerNode keeper = kit.keeper();
        List<ConnectionManager.PeerChange> changes = new ArrayList<>();
        keeper.peers().states().subscribe(changes::add);
        ManagedPeer awaited =
                keeper.peers().add(WantedPeer.of(kit.identity("awaited").peerId()));
        kit.settle();

        assertThat(changes).doesNotHaveDuplicates().allMatch(change -> change.peer() == awaited);
        assertThat(changes).last().isEqualTo(new ConnectionManager.PeerChange(awaited, awaited.state()));
    }

    @Test
    void aSubscriberThatThrowsHarmsNobody() {
        kit.server("server");
        ManagedPeer peer = kit.keeper().peers().add(at("server"));
        peer.states().subscribe(state -> {
            throw new IllegalStateException("boom");
        });
        List<String> log = log(peer);

        kit.settle();

        assertThat(log).endsWith("Ready");
    }

    @Test
    void whoWaitsForThePeersSessionGetsIt() {
        PeerNode server = kit.server("server");
        PeerNode keeper = kit.keeper();
        List<PeerSession> sessions = new ArrayList<>();
        keeper.peer(server.id()).session().subscribe(sessions::add);
        keeper.peer(server.id()).session().subscribe(sessions::add).dispose();
        kit.settle();
        assertThat(sessions).isEmpty();

        ManagedPeer peer = keeper.peers().add(at("server"));
        peer.session().subscribe(sessions::add);
        kit.settle();

        assertThat(sessions).containsExactly(session(peer), session(peer));
        keeper.peer(server.id()).session().subscribe(sessions::add);
        assertThat(sessions).hasSize(3);
    }

    @Test
    void theStatesOfAClosedNodeAreCompleteWhenEveryPeerIsRemoved() {
        kit.server("server");
        PeerNode keeper = kit.keeper();
        List<ManagedPeer> peers = keeper.peers().connectAll(List.of(at("server"), at("nobody")));
        kit.settle();
        List<PeerState> statesAtTheEnd = new ArrayList<>();

        keeper.dispose();
        keeper.peers()
                .states()
                .doOnComplete(() -> peers.forEach(peer -> statesAtTheEnd.add(peer.state())))
                .subscribe();
        kit.settle();

        assertThat(statesAtTheEnd).hasSize(2).hasOnlyElementsOfType(PeerState.Removed.class);
    }
}
