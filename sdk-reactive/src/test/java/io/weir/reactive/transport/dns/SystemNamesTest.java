package io.weir.reactive.transport.dns;

import static io.weir.reactive.transport.LinkTestKit.PATIENCE;
import static io.weir.reactive.transport.LinkTestKit.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.EventLoop;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.resolver.HostsFileEntriesProvider;
import io.netty.resolver.dns.SingletonDnsServerAddressStreamProvider;
import io.weir.core.peer.AddressFamily;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.netty.resources.LoopResources;
import reactor.test.StepVerifier;

/** Names looked up at a server on the loopback interface. */
class SystemNamesTest {

    private final DnsServer server = new DnsServer();
    private final LoopResources loops = LoopResources.create("names-test", 1, true);
    private final EventLoop loop = loops.onClient(false).next();
    private final AtomicReference<String> hosts = new AtomicReference<>("");
    private final SystemNames names = new SystemNames(
            loops,
            this::hostsFile,
            builder -> builder.nameServerProvider(new SingletonDnsServerAddressStreamProvider(server.address())));

    @AfterEach
    void end() {
        names.close();
        loops.disposeLater(Duration.ZERO, PATIENCE).block(PATIENCE);
        server.close();
    }

    @Test
    void eachFamilyIsAskedForByItself() throws UnknownHostException {
        server.has("peer.test", DnsRecordType.A, 60, DnsServer.ip("192.0.2.1"), DnsServer.ip("192.0.2.2"));
        server.has("peer.test", DnsRecordType.AAAA, 60, DnsServer.ip("2001:db8::1"));

        assertThat(lookUp(AddressFamily.IPV4))
                .containsExactlyInAnyOrder(InetAddress.getByName("192.0.2.1"), InetAddress.getByName("192.0.2.2"));
        assertThat(lookUp(AddressFamily.IPV6)).containsExactly(InetAddress.getByName("2001:db8::1"));
    }

    @Test
    void anAnswerIsKeptForItsTimeToLiveOnly() {
        server.has("kept.test", DnsRecordType.A, 3_600, DnsServer.ip("192.0.2.1"));
        server.has("peer.test", DnsRecordType.A, 0, DnsServer.ip("192.0.2.1"));
        assertThat(lookUp("kept.test", AddressFamily.IPV4)).hasSize(1);
        assertThat(lookUp(AddressFamily.IPV4)).hasSize(1);
        server.has("kept.test", DnsRecordType.A, 3_600, DnsServer.ip("192.0.2.2"));
        server.has("peer.test", DnsRecordType.A, 0, DnsServer.ip("192.0.2.2"));

        assertThat(lookUp("kept.test", AddressFamily.IPV4))
                .extracting(InetAddress::getHostAddress)
                .containsExactly("192.0.2.1");
        assertThat(lookUp(AddressFamily.IPV4))
                .extracting(InetAddress::getHostAddress)
                .containsExactly("192.0.2.2");
    }

    @Test
    void thatANameDoesNotExistIsNotKept() {
        server.fails(DnsResponseCode.NXDOMAIN);
        assertThat(lookUp(AddressFamily.IPV4)).isEmpty();
        server.fails(DnsResponseCode.NOERROR);
        server.has("peer.test", DnsRecordType.A, 60, DnsServer.ip("192.0.2.1"));

        assertThat(lookUp(AddressFamily.IPV4)).hasSize(1);
    }

    @Test
    void aNameWithoutRecordsHasNoAddress() {
        server.has("peer.test", DnsRecordType.A, 60, DnsServer.ip("192.0.2.1"));

        assertThat(lookUp(AddressFamily.IPV6)).isEmpty();
    }

    /** To the dial it is all one, to who has to mend it not. */
    @ParameterizedTest
    @ValueSource(ints = {2, 5})
    void aServerThatDoesNotSayIsAnErrorThatNamesItsCode(int code) {
        server.has("peer.test", DnsRecordType.A, 60, DnsServer.ip("192.0.2.1"));
        server.fails(DnsResponseCode.valueOf(code));

        StepVerifier.create(names.lookUp("peer.test", AddressFamily.IPV4, loop))
                .expectErrorSatisfies(e -> assertThat(e)
                        .isInstanceOf(DnsRefusalException.class)
                        .hasMessageContainingAll(DnsResponseCode.valueOf(code).toString(), "peer.test"))
                .verify(PATIENCE);
    }

    @Test
    void whatDoesNotFitIntoADatagramIsAskedForOverTcp() {
        server.has("peer.test", DnsRecordType.A, 60, DnsServer.ips(120));

        assertThat(lookUp(AddressFamily.IPV4)).hasSize(120).doesNotHaveDuplicates();
        assertThat(server.askedOverTcp()).isPositive();
    }

    @Test
    void theHostsFileIsReadForEachLookUp() throws UnknownHostException {
        hosts.set("192.0.2.1 Peer.test other");
        assertThat(lookUp(AddressFamily.IPV4)).containsExactly(InetAddress.getByName("192.0.2.1"));

        hosts.set("192.0.2.2 peer.test\n2001:db8::2 peer.test");
        assertThat(lookUp(AddressFamily.IPV4)).containsExactly(InetAddress.getByName("192.0.2.2"));
        assertThat(lookUp(AddressFamily.IPV6)).containsExactly(InetAddress.getByName("2001:db8::2"));

        hosts.set("");
        assertThat(lookUp(AddressFamily.IPV4)).isEmpty();
    }

    /** Who writes a name there means that address, and none that DNS has besides. */
    @Test
    void aNameInTheHostsFileIsNotAskedForInDns() {
        server.has("peer.test", DnsRecordType.AAAA, 60, DnsServer.ip("2001:db8::1"));
        hosts.set("192.0.2.1 peer.test");

        assertThat(lookUp(AddressFamily.IPV6)).isEmpty();
        assertThat(server.asked()).isZero();
    }

    @Test
    void whatIsUnderWayFailsWhenItIsClosed() {
        server.falls();

        StepVerifier.create(names.lookUp("peer.test", AddressFamily.IPV4, loop))
                .then(names::close)
                .expectErrorMessage("the transport is disposed")
                .verify(PATIENCE);
    }

    private HostsFileEntriesProvider hostsFile() {
        try {
            return HostsFileEntriesProvider.parser().parse(new StringReader(hosts.get()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<InetAddress> lookUp(AddressFamily family) {
        return lookUp("peer.test", family);
    }

    private List<InetAddress> lookUp(String name, AddressFamily family) {
        return await(names.lookUp(name, family, loop));
    }
}
