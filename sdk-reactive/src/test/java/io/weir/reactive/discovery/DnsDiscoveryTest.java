package io.weir.reactive.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.netty.handler.codec.dns.DnsRecordType;
import io.weir.core.peer.AddressFamily;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.PeerDiscovery;
import io.weir.reactive.transport.dns.DnsAnswer;
import io.weir.reactive.transport.dns.DnsLookup;
import io.weir.reactive.transport.dns.DnsServer;
import io.weir.reactive.transport.dns.DnsService;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Discovery in virtual time, with answers that the test gives; once with a real server. */
class DnsDiscoveryTest {

    private static final Duration PERIOD = Duration.ofSeconds(30);

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final GivenAnswers dns = new GivenAnswers();
    private final List<Set<PeerAddress>> sets = new ArrayList<>();
    private final List<Throwable> failures = new ArrayList<>();
    private double chance;

    @Test
    void aFixedSetIsSaidOnceAndForGood() {
        PeerAddress one = PeerAddress.memory("one");
        PeerAddress two = PeerAddress.memory("two");

        StepVerifier.create(Discovery.fixed(List.of(one, two, one)).peers())
                .expectNext(Set.of(one, two))
                .verifyComplete();
    }

    @Test
    void bothFamiliesMakeOneSetThatIsSaidWhenItChanges() {
        dns.are("2001:db8::1", "192.0.2.1 192.0.2.2", 60);
        subscribe(discovery());
        time.advanceTimeBy(PERIOD.multipliedBy(3));
        assertThat(sets).containsExactly(peers("2001:db8::1", "192.0.2.1", "192.0.2.2"));
        assertThat(dns.rounds).isEqualTo(4);

        dns.are("", "192.0.2.2 192.0.2.3", 60);
        time.advanceTimeBy(PERIOD);

        assertThat(sets).hasSize(2).last().isEqualTo(peers("192.0.2.2", "192.0.2.3"));
        assertThat(failures).isEmpty();
    }

    @Test
    void anAnswerThatThereIsNothingEmptiesTheSet() {
        dns.are("", "192.0.2.1", 60);
        subscribe(discovery());
        dns.are("", "", 0);
        time.advanceTimeBy(PERIOD);

        assertThat(sets).containsExactly(peers("192.0.2.1"), Set.of());
    }

    @Test
    void aFailureKeepsWhatIsKnownAndIsTold() {
        dns.are("2001:db8::1", "192.0.2.1", 60);
        subscribe(discovery());
        dns.fail(AddressFamily.IPV6, new IOException("SERVFAIL"));
        dns.fail(AddressFamily.IPV4, new IOException("timed out"));
        time.advanceTimeBy(PERIOD);
        assertThat(sets).hasSize(1);
        assertThat(failures).extracting(Throwable::getMessage).containsExactly("SERVFAIL", "timed out");

        dns.fail(AddressFamily.IPV6, new IOException("SERVFAIL"));
        dns.are(AddressFamily.IPV4, "192.0.2.2", 60);
        time.advanceTimeBy(PERIOD);

        assertThat(sets).hasSize(2).last().isEqualTo(peers("2001:db8::1", "192.0.2.2"));
    }

    @Test
    void nothingIsSaidBeforeTheFirstAnswer() {
        dns.fail(AddressFamily.IPV6, new IOException("no"));
        dns.fail(AddressFamily.IPV4, new IOException("no"));
        subscribe(discovery());
        time.advanceTimeBy(PERIOD);
        assertThat(sets).isEmpty();

        dns.are("", "192.0.2.1", 60);
        time.advanceTimeBy(PERIOD);

        assertThat(sets).containsExactly(peers("192.0.2.1"));
    }

    @ParameterizedTest
    @CsvSource({
        "60, 0, 30000",
        "60, 0.5, 31500",
        "60, 1, 33000",
        "7, 0, 7000",
        "7, 1, 7700",
        "0, 0, 1000",
    })
    void theNextQuestionComesWithTheTimeToLiveThePeriodAndChance(int timeToLive, double random, long afterMillis) {
        chance = random;
        dns.are("", "192.0.2.1", timeToLive);
        subscribe(discovery());
        time.advanceTimeBy(Duration.ofMillis(afterMillis - 1));
        assertThat(dns.rounds).isEqualTo(1);
        time.advanceTimeBy(Duration.ofMillis(1));

        assertThat(dns.rounds).isEqualTo(2);
    }

    @Test
    void aRoundThatHangsHasNoSecondBesideIt() {
        dns.answers.put(AddressFamily.IPV6, Mono.never());
        subscribe(discovery());
        time.advanceTimeBy(PERIOD.multipliedBy(10));

        assertThat(dns.rounds).isEqualTo(1);
    }

    @Test
    void noMoreThanItsBoundIsTakenAndAlwaysTheSame() {
        String many =
                IntStream.range(0, 50).mapToObj(i -> "192.0.2." + (100 + i)).collect(Collectors.joining(" "));
        dns.are("", many, 60);
        subscribe(discovery().withMaxPeers(10));

        assertThat(sets)
                .singleElement()
                .satisfies(set -> assertThat(set)
                        .hasSize(10)
                        .contains(PeerAddress.tcp("192.0.2.100", 7_400), PeerAddress.tcp("192.0.2.109", 7_400)));
    }

    @Test
    void anyDiscoveryCanBeLimited() {
        List<PeerAddress> many = IntStream.range(0, 50)
                .mapToObj(i -> PeerAddress.memory("node" + (10 + i)))
                .toList();

        StepVerifier.create(Discovery.limited(Discovery.fixed(many), 2).peers())
                .expectNext(Set.of(PeerAddress.memory("node10"), PeerAddress.memory("node11")))
                .verifyComplete();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Discovery.limited(Discovery.fixed(many), 65_537))
                .withMessage("maxPeers is 65537; legal: 1 to 65536");
    }

    @Test
    void cancellingEndsTheQuestionsAndTheirThread() {
        Disposable subscription = subscribe(discovery());
        subscription.dispose();
        time.advanceTimeBy(PERIOD.multipliedBy(3));

        assertThat(dns.rounds).isEqualTo(1);
        assertThat(dns.disposed).isTrue();
    }

    @Test
    void servicesArePeersByName() {
        dns.services = new DnsAnswer<>(
                List.of(
                        new DnsService("a.test", 7_400, 0, 0),
                        new DnsService("", 7_400, 0, 0),
                        new DnsService("b.test", 0, 0, 0),
                        new DnsService("b test", 1, 0, 0),
                        new DnsService("b.test", 7_401, 1, 5)),
                Duration.ofSeconds(60));
        subscribe(Discovery.dnsService("_weir._tcp.test").withLookups(() -> dns).withTime(time, () -> 0));

        assertThat(sets).containsExactly(Set.of(PeerAddress.tcp("a.test", 7_400), PeerAddress.tcp("b.test", 7_401)));
    }

    @Test
    void settingsOutOfRangeAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Discovery.dns("peers.test", 0))
                .withMessage("port is 0, must be 1..65535");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Discovery.dns("127.0.0.1", 1))
                .withMessageContaining("which is an address");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> discovery().withPeriod(Duration.ofMillis(999)))
                .withMessage("period is PT0.999S, must be PT1S to PT24H");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> discovery().withMaxPeers(0))
                .withMessage("maxPeers is 0; legal: 1 to 65536");
        assertThatIllegalArgumentException().isThrownBy(() -> discovery().withServers());
    }

    @Test
    void aRealServerIsAsked() {
        try (DnsServer server = new DnsServer()) {
            server.has("peers.test", DnsRecordType.A, 60, DnsServer.ip("192.0.2.7"));
            server.has("peers.test", DnsRecordType.AAAA, 60, DnsServer.ip("2001:db8::7"));
            PeerDiscovery discovery = Discovery.dns("peers.test", 7_400).withServers(server.address());

            StepVerifier.create(discovery.peers().take(1))
                    .expectNext(peers("192.0.2.7", "2001:db8::7"))
                    .expectComplete()
                    .verify(Duration.ofSeconds(20));
        }
    }

    // ---- how

    private DnsDiscovery discovery() {
        return Discovery.dns("peers.test", 7_400)
                .withPeriod(PERIOD)
                .onFailure(failures::add)
                .withLookups(() -> dns)
                .withTime(time, () -> chance);
    }

    private Disposable subscribe(PeerDiscovery discovery) {
        return discovery.peers().subscribe(sets::add);
    }

    private static Set<PeerAddress> peers(String... hosts) {
        return Arrays.stream(hosts).map(host -> PeerAddress.tcp(host, 7_400)).collect(Collectors.toSet());
    }

    private static final class GivenAnswers implements DnsLookup {
        private final Map<AddressFamily, Mono<DnsAnswer<InetAddress>>> answers = new EnumMap<>(AddressFamily.class);
        private DnsAnswer<DnsService> services = new DnsAnswer<>(List.of(), Duration.ZERO);
        private int rounds;
        private boolean disposed;

        GivenAnswers() {
            are("", "", 0);
        }

        void are(String v6, String v4, int timeToLiveSeconds) {
            are(AddressFamily.IPV6, v6, timeToLiveSeconds);
            are(AddressFamily.IPV4, v4, timeToLiveSeconds);
        }

        void are(AddressFamily family, String literals, int timeToLiveSeconds) {
            List<InetAddress> addresses = Arrays.stream(literals.split(" "))
                    .filter(literal -> !literal.isEmpty())
                    .map(GivenAnswers::address)
                    .toList();
            answers.put(family, Mono.just(new DnsAnswer<>(addresses, Duration.ofSeconds(timeToLiveSeconds))));
        }

        void fail(AddressFamily family, Throwable failure) {
            answers.put(family, Mono.error(failure));
        }

        private static InetAddress address(String literal) {
            try {
                return InetAddress.getByName(literal);
            } catch (UnknownHostException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public Mono<DnsAnswer<InetAddress>> addresses(String name, AddressFamily family) {
            if (family == AddressFamily.IPV6) {
                rounds++;
            }
            return Objects.requireNonNull(answers.get(family));
        }

        @Override
        public Mono<DnsAnswer<DnsService>> services(String service) {
            return Mono.just(services);
        }

        @Override
        public void dispose() {
            disposed = true;
        }
    }
}
