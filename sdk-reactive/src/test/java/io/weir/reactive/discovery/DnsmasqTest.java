package io.weir.reactive.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.weir.Weir;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.ManagedPeer;
import io.weir.reactive.PeerNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Discovery by a DNS server of the real world. Skipped where Debian's {@code dnsmasq-base} is not installed. */
class DnsmasqTest {

    private static final String NAME = "peers.weir.test";
    private static final String SERVICE = "_weir._tcp.weir.test";
    private static final Duration LIMIT = Duration.ofSeconds(30);

    /** When it is asked again is the test's choice; the questions are true ones. */
    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();

    private final Sinks.Many<Throwable> failures = Sinks.many().unicast().onBackpressureBuffer();

    @TempDir
    Path folder;

    private Dnsmasq dns;

    @BeforeAll
    static void isInstalled() {
        assumeTrue(Dnsmasq.isInstalled(), "dnsmasq is not installed: apt-get install dnsmasq-base");
    }

    @BeforeEach
    void begin() throws IOException {
        dns = Dnsmasq.in(folder);
    }

    @AfterEach
    void end() {
        dns.close();
    }

    @Test
    void addressesOfBothFamiliesMakeOneSetThatFollowsTheServer() throws IOException {
        dns.host(NAME, List.of("192.0.2.1", "2001:db8::1"));
        dns.start();

        StepVerifier.create(sets(named()))
                .expectNext(peers("192.0.2.1", "2001:db8::1"))
                .then(() -> change("192.0.2.2", "2001:db8::1"))
                .then(() -> time.advanceTimeBy(Duration.ofSeconds(2)))
                .expectNext(peers("192.0.2.2", "2001:db8::1"))
                .thenCancel()
                .verify(LIMIT);
    }

    @Test
    void aNameThatIsGoneEmptiesTheSet() throws IOException {
        dns.host(NAME, List.of("192.0.2.1"));
        dns.start();

        StepVerifier.create(sets(named()))
                .expectNext(peers("192.0.2.1"))
                .then(this::change)
                .then(() -> time.advanceTimeBy(Duration.ofSeconds(2)))
                .expectNext(Set.of())
                .thenCancel()
                .verify(LIMIT);
    }

    /** 600 records of 16 bytes: eight times what a datagram carries. */
    @Test
    void anAnswerThatFitsNoDatagramComesWhole() throws IOException {
        List<String> many = IntStream.range(0, 600)
                .mapToObj(i -> "10.1." + i / 200 + "." + (1 + i % 200))
                .toList();
        dns.host(NAME, many);
        dns.start();

        StepVerifier.create(sets(named()))
                .expectNext(peers(many.toArray(String[]::new)))
                .thenCancel()
                .verify(LIMIT);
    }

    @Test
    void servicesTellHostsAndPortsHoweverMany() throws IOException {
        List<String> records = new ArrayList<>();
        Set<PeerAddress> expected = IntStream.range(0, 200)
                .mapToObj(i -> PeerAddress.tcp("node" + i + ".weir.test", 7_400 + i))
                .collect(Collectors.toSet());
        expected.forEach(each -> records.add("--srv-host=" + SERVICE + "," + each.host() + "," + each.port()));
        dns.start(records.toArray(String[]::new));

        StepVerifier.create(sets(Discovery.dnsService(SERVICE)))
                .expectNext(expected)
                .thenCancel()
                .verify(LIMIT);
    }

    @Test
    void whatWasKnownStandsWhileTheServerIsGone() throws IOException {
        dns.host(NAME, List.of("192.0.2.1"));
        dns.start();
        List<Set<PeerAddress>> seen = new ArrayList<>();

        StepVerifier.create(sets(named()).doOnNext(seen::add))
                .expectNext(peers("192.0.2.1"))
                .then(() -> {
                    dns.kill();
                    time.advanceTimeBy(Duration.ofSeconds(2));
                    assertThat(failures.asFlux().take(2).collectList().block(LIMIT))
                            .hasSize(2); // both families
                    assertThat(seen).hasSize(1);
                })
                .then(() -> restart("192.0.2.7"))
                .then(() -> time.advanceTimeBy(Duration.ofSeconds(2)))
                .expectNext(peers("192.0.2.7"))
                .thenCancel()
                .verify(LIMIT);
    }

    /** The node's own address is among those that DNS names, as it is wherever all nodes of a service have one name. */
    @Test
    void aNodeThatFindsItselfConnectsToTheOthers() throws IOException {
        PeerNode one = Weir.node().listen(PeerAddress.tcp("127.0.0.1", 0)).startNow(LIMIT);
        PeerNode other =
                Weir.node().listen(PeerAddress.tcp("127.0.0.2", one.port())).startNow(LIMIT);
        try {
            dns.host(NAME, List.of("127.0.0.1", "127.0.0.2"));
            dns.start();
            one.peers().follow(Discovery.dns(NAME, one.port()).withServers(dns.address()));

            assertThat(one.sessions().blockFirst(LIMIT).peer()).isEqualTo(other.id());
            assertThat(one.peers().list())
                    .extracting(ManagedPeer::wanted)
                    .singleElement()
                    .satisfies(wanted ->
                            assertThat(wanted.addresses()).containsExactly(PeerAddress.tcp("127.0.0.2", one.port())));
        } finally {
            one.dispose();
            other.dispose();
        }
    }

    private DnsDiscovery named() {
        return Discovery.dns(NAME, 7_400);
    }

    private Flux<Set<PeerAddress>> sets(DnsDiscovery discovery) {
        return discovery
                .withServers(dns.address())
                .withPeriod(DnsDiscovery.MIN_PERIOD)
                .withTime(time, () -> 0)
                .onFailure(failure -> failures.tryEmitNext(failure).orThrow())
                .peers();
    }

    private void change(String... addresses) {
        try {
            dns.host(NAME, List.of(addresses));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void restart(String... addresses) {
        change(addresses);
        try {
            dns.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Set<PeerAddress> peers(String... addresses) {
        return Stream.of(addresses)
                .map(address -> PeerAddress.tcp(address, 7_400))
                .collect(Collectors.toSet());
    }
}
