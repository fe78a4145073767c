package io.weir.spring.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.weir.core.identity.Identity;
import io.weir.core.identity.PeerId;
import io.weir.core.peer.PeerAddress;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.discovery.ReactiveDiscoveryClient;
import org.springframework.cloud.client.discovery.event.HeartbeatEvent;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Services by engines whose answers the test gives, in virtual time. */
class CloudDiscoveryTest {

    private static final Duration PERIOD = Duration.ofSeconds(30);

    /** A round, whatever chance adds to it. */
    private static final Duration ROUND = PERIOD.plus(PERIOD.dividedBy(10));

    private static final Flux<ServiceInstance> NONE = Flux.empty();
    private static final Flux<String> AWAY = Flux.empty();
    private static final Flux<String> UP = Flux.just("others");

    private final VirtualTimeScheduler time = VirtualTimeScheduler.getOrSet();
    private final GivenEngine engine = new GivenEngine();
    private final List<Set<PeerAddress>> sets = new ArrayList<>();
    private final DiscoverySettings settings = DiscoverySettings.defaults().withPeriod(PERIOD);

    @AfterEach
    void reset() {
        VirtualTimeScheduler.reset();
    }

    @Test
    void metadataTellWhereTheNodeIsAndWhoItIs() {
        PeerId id = Identity.generate().peerId();
        engine.names(
                GivenEngine.instance("a", Map.of("weir-port", "7400", "weir-peer-id", id.toString())),
                GivenEngine.instance("2001:db8::1", Map.of("weir-port", "7401", "weir-scheme", "udp")),
                GivenEngine.node("c"));
        follow(settings, engine);

        assertThat(sets)
                .containsExactly(Set.of(
                        PeerAddress.tcp("a", 7400).expecting(id),
                        PeerAddress.udp("2001:db8::1", 7401),
                        PeerAddress.tcp("c", 7400)));
    }

    @Test
    void whatANodeSaysOfItselfIsReadAgain() {
        PeerId id = Identity.generate().peerId();
        for (PeerAddress listening : List.of(PeerAddress.tcp("0.0.0.0", 7400), PeerAddress.udp("::", 7401))) {
            ServiceInstance registered = GivenEngine.instance("a", InstanceAddress.metadata(listening, id));

            assertThat(InstanceAddress.of(registered, 0))
                    .isEqualTo(new PeerAddress(listening.scheme(), "a", listening.port(), id));
        }
    }

    @Test
    void instancesThatAreNoNodesAreLeftOut() {
        engine.names(
                GivenEngine.instance("none", Map.of()),
                GivenEngine.instance("word", Map.of("weir-port", "many")),
                GivenEngine.instance("large", Map.of("weir-port", "70000")),
                GivenEngine.instance("nobody", Map.of("weir-port", "7400", "weir-peer-id", "somebody")),
                GivenEngine.node("c"));
        follow(settings, engine);

        assertThat(sets).containsExactly(peers("c"));
    }

    @Test
    void thosePortIsNotSaidMayHaveOneThatIsConfigured() {
        engine.names(GivenEngine.instance("a", Map.of()), GivenEngine.node("b"));
        follow(settings.withPort(7500), engine);

        assertThat(sets).containsExactly(Set.of(PeerAddress.tcp("a", 7500), PeerAddress.tcp("b", 7400)));
    }

    @Test
    void emptyAnswerOfAnEngineThatNamesNoServiceIsNotBelieved() {
        engine.names(GivenEngine.node("a"));
        follow(settings, engine);
        engine.names(NONE).services(AWAY);
        time.advanceTimeBy(ROUND.multipliedBy(3));
        assertThat(sets).containsExactly(peers("a"));
        assertThat(engine.asked).isGreaterThanOrEqualTo(3);

        engine.names(GivenEngine.node("a"), GivenEngine.node("b"));
        time.advanceTimeBy(ROUND);

        assertThat(sets).containsExactly(peers("a"), peers("a", "b"));
    }

    @Test
    void emptyAnswerOfAnEngineThatIsUpIsBelieved() {
        engine.names(GivenEngine.node("a"));
        follow(settings, engine);
        engine.names(NONE).services(UP);
        time.advanceTimeBy(ROUND);

        assertThat(sets).containsExactly(peers("a"), Set.of());
    }

    @Test
    void emptyAnswerOfAnEngineThatComesBackMeanwhileIsAskedForAgain() {
        engine.names(GivenEngine.node("a"));
        follow(settings, engine);
        engine.names(NONE, Flux.just(GivenEngine.node("a"), GivenEngine.node("b")))
                .services(UP);
        time.advanceTimeBy(ROUND);

        assertThat(sets).last().isEqualTo(peers("a", "b"));
        assertThat(sets).doesNotContain(Set.of());
    }

    @Test
    void emptyAnswerOfAnEngineThatGoesAwayMeanwhileIsNotBelieved() {
        engine.names(GivenEngine.node("a"));
        follow(settings, engine);
        engine.names(NONE).services(UP, AWAY);
        time.advanceTimeBy(ROUND);

        assertThat(sets).containsExactly(peers("a"));
    }

    @Test
    void nothingIsSaidBeforeTheFirstAnswerThatCanBeBelieved() {
        follow(settings, engine);
        time.advanceTimeBy(ROUND.multipliedBy(2));
        assertThat(sets).isEmpty();

        engine.names(GivenEngine.node("a"));
        time.advanceTimeBy(ROUND);

        assertThat(sets).containsExactly(peers("a"));
    }

    @Test
    void failuresAndAnswersThatNeverComeLeaveWhatIsKnown() {
        engine.names(GivenEngine.node("a"));
        follow(settings, engine);
        engine.names(Flux.error(new IOException("connection loss")));
        time.advanceTimeBy(ROUND);
        engine.names(Flux.never());
        time.advanceTimeBy(ROUND);
        assertThat(sets).containsExactly(peers("a"));

        engine.names(GivenEngine.node("b"));
        time.advanceTimeBy(Duration.ofMinutes(2).plus(ROUND));

        assertThat(sets).containsExactly(peers("a"), peers("b"));
    }

    @Test
    void anEngineThatIsAwayTakesNothingFromAnother() {
        GivenEngine other = new GivenEngine().names(GivenEngine.node("b")).services(UP);
        engine.names(GivenEngine.node("a"));
        follow(settings, engine, other);
        engine.names(NONE).services(AWAY);
        other.names(NONE);
        time.advanceTimeBy(ROUND);

        assertThat(sets).last().isEqualTo(peers("a"));
    }

    @Test
    void changeThatIsToldIsLookedAtWithinASecond() {
        engine.names(GivenEngine.node("a"));
        CloudServices services = follow(settings, engine);
        engine.names(GivenEngine.node("b"));
        services.onApplicationEvent(new HeartbeatEvent(this, 1L));
        time.advanceTimeBy(Duration.ofMillis(999));
        assertThat(sets).containsExactly(peers("a"));
        time.advanceTimeBy(Duration.ofMillis(1));

        assertThat(sets).containsExactly(peers("a"), peers("b"));
        time.advanceTimeBy(PERIOD.minusMillis(1));
        assertThat(engine.asked).as("and told once, looked at once").isEqualTo(2);
    }

    @Test
    void changeThatIsToldWhileTheEngineAnswersIsNotMissed() {
        CloudServices[] services = new CloudServices[1];
        services[0] = new CloudServices(() -> List.of(engine), settings);
        engine.names(
                Flux.defer(() -> {
                    services[0].onApplicationEvent(new HeartbeatEvent(this, 1L));
                    return Flux.just(GivenEngine.node("a"));
                }),
                Flux.just(GivenEngine.node("b")));
        services[0].find("prices").peers().subscribe(sets::add);
        time.advanceTimeBy(Duration.ofSeconds(1));

        assertThat(sets).containsExactly(peers("a"), peers("b"));
    }

    @Test
    void noMorePeersAreTakenThanTheBound() {
        engine.names(GivenEngine.node("b"), GivenEngine.node("c"), GivenEngine.node("a"));
        follow(settings.withMaxPeers(2), engine);

        assertThat(sets).containsExactly(peers("a", "b"));
    }

    @Test
    void cancellingEndsTheQuestions() {
        engine.names(GivenEngine.node("a"));
        Disposable following = new CloudServices(() -> List.of(engine), settings)
                .find("prices")
                .peers()
                .subscribe(sets::add);
        time.advanceTimeBy(Duration.ZERO);
        following.dispose();
        time.advanceTimeBy(ROUND.multipliedBy(3));

        assertThat(engine.asked).isEqualTo(1);
    }

    @Test
    void settingsOutOfRangeAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> settings.withPeriod(Duration.ofMillis(999)))
                .withMessage("period is PT0.999S; legal: PT1S to PT24H");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> settings.withMaxPeers(0))
                .withMessage("maxPeers is 0; legal: 1 to 65536");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> settings.withPort(65_536))
                .withMessage("port is 65536; legal: 0 to 65535");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CloudServices(List::of, settings).find("prices"))
                .withMessageContaining("\"prices\"");
    }

    private CloudServices follow(DiscoverySettings with, ReactiveDiscoveryClient... engines) {
        CloudServices services = new CloudServices(() -> List.of(engines), with);
        services.find("prices").peers().subscribe(sets::add);
        time.advanceTimeBy(Duration.ZERO);
        return services;
    }

    private static Set<PeerAddress> peers(String... hosts) {
        return Stream.of(hosts).map(host -> PeerAddress.tcp(host, 7400)).collect(Collectors.toSet());
    }
}
