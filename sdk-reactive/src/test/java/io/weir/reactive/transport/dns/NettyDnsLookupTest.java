package io.weir.reactive.transport.dns;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.weir.core.peer.AddressFamily;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** Questions to a server on the loopback interface. */
class NettyDnsLookupTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final DnsServer server = new DnsServer();
    private final DnsLookup lookup = NettyDnsLookup.at(List.of(server.address()));

    @AfterEach
    void end() {
        lookup.dispose();
        server.close();
    }

    @Test
    void addressesOfEachFamilyComeWithTheShortestTimeToLive() throws UnknownHostException {
        server.has("peers.test", DnsRecordType.A, 60, DnsServer.ip("192.0.2.1"), DnsServer.ip("192.0.2.2"));
        server.has("peers.test", DnsRecordType.AAAA, 7, DnsServer.ip("2001:db8::1"));

        assertThat(await(lookup.addresses("peers.test", AddressFamily.IPV4)))
                .isEqualTo(new DnsAnswer<>(
                        List.of(InetAddress.getByName("192.0.2.1"), InetAddress.getByName("192.0.2.2")),
                        Duration.ofSeconds(60)));
        assertThat(await(lookup.addresses("peers.test", AddressFamily.IPV6)))
                .isEqualTo(new DnsAnswer<>(List.of(InetAddress.getByName("2001:db8::1")), Duration.ofSeconds(7)));
    }

    @Test
    void everyQuestionIsAskedAnew() {
        server.has("peers.test", DnsRecordType.A, 3_600, DnsServer.ip("192.0.2.1"));
        await(lookup.addresses("peers.test", AddressFamily.IPV4));
        server.has("peers.test", DnsRecordType.A, 3_600, DnsServer.ip("192.0.2.2"));

        assertThat(await(lookup.addresses("peers.test", AddressFamily.IPV4)).records())
                .extracting(InetAddress::getHostAddress)
                .containsExactly("192.0.2.2");
    }

    @Test
    void servicesAreRead() {
        server.has(
                "_weir._tcp.test",
                DnsRecordType.SRV,
                30,
                DnsServer.srv(1, 65_535, 7_400, "a.peers.test"),
                DnsServer.srv(0, 0, 65_535, ""));

        assertThat(await(lookup.services("_weir._tcp.test")))
                .isEqualTo(new DnsAnswer<>(
                        List.of(new DnsService("a.peers.test", 7_400, 1, 65_535), new DnsService("", 65_535, 0, 0)),
                        Duration.ofSeconds(30)));
    }

    @Test
    void aNameThatDoesNotExistAndOneWithoutRecordsAreAnswers() {
        DnsAnswer<InetAddress> none = new DnsAnswer<>(List.of(), Duration.ZERO);
        assertThat(await(lookup.addresses("peers.test", AddressFamily.IPV4))).isEqualTo(none);
        server.fails(DnsResponseCode.NXDOMAIN);

        assertThat(await(lookup.addresses("peers.test", AddressFamily.IPV4))).isEqualTo(none);
    }

    /** What was known may still be true: unlike an answer that there is nothing. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4, 5, 9})
    void aServerThatDoesNotSayIsAnErrorAfterThreeQuestions(int code) {
        server.has("peers.test", DnsRecordType.AAAA, 60, DnsServer.ip("2001:db8::1"));
        server.fails(DnsResponseCode.valueOf(code));

        StepVerifier.create(lookup.addresses("peers.test", AddressFamily.IPV6))
                .expectErrorSatisfies(e -> assertThat(e)
                        .isInstanceOfSatisfying(
                                DnsRefusalException.class,
                                refusal -> assertThat(refusal.code())
                                        .isEqualTo(DnsResponseCode.valueOf(code).toString()))
                        .hasMessageContaining("AAAA of peers.test"))
                .verify(PATIENCE);
        assertThat(server.asked()).isEqualTo(3);
    }

    @Test
    void whatDoesNotFitIntoADatagramIsAskedForOverTcp() {
        server.has("peers.test", DnsRecordType.A, 60, DnsServer.ips(120));

        assertThat(await(lookup.addresses("peers.test", AddressFamily.IPV4)).records())
                .hasSize(120)
                .doesNotHaveDuplicates();
        assertThat(server.askedOverTcp()).isEqualTo(1);
    }

    /** The addresses that are missing would count as gone. */
    @Test
    void anAnswerThatCannotBeHadWholeIsAnError() {
        server.has("peers.test", DnsRecordType.A, 60, DnsServer.ips(120));
        server.endsTcp();

        StepVerifier.create(lookup.addresses("peers.test", AddressFamily.IPV4))
                .expectErrorSatisfies(e -> assertThat(e)
                        .isInstanceOfSatisfying(
                                DnsRefusalException.class,
                                refusal -> assertThat(refusal.code()).isEqualTo("TRUNCATED")))
                .verify(PATIENCE);
    }

    @Test
    void aServerThatIsSilentIsFollowedByTheNext() {
        try (DnsServer second = new DnsServer()) {
            server.falls();
            second.has("peers.test", DnsRecordType.A, 1, DnsServer.ip("192.0.2.9"));
            DnsLookup both = NettyDnsLookup.at(List.of(server.address(), second.address()));

            assertThat(await(both.addresses("peers.test", AddressFamily.IPV4)).records())
                    .hasSize(1);
            both.dispose();
        }
    }

    @Test
    void recordsThatAreNoneAreAnError() {
        server.has("peers.test", DnsRecordType.A, 1, new byte[] {1, 2, 3});
        server.has("_weir._tcp.test", DnsRecordType.SRV, 1, new byte[] {0, 1, 0, 1, 0});

        StepVerifier.create(lookup.addresses("peers.test", AddressFamily.IPV4))
                .expectError()
                .verify(PATIENCE);
        StepVerifier.create(lookup.services("_weir._tcp.test")).expectError().verify(PATIENCE);
    }

    private static <T> T await(Mono<T> mono) {
        return Objects.requireNonNull(mono.block(PATIENCE));
    }
}
