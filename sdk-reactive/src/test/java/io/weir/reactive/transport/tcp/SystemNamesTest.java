package io.weir.reactive.transport.tcp;

import static io.weir.reactive.transport.LinkTestKit.PATIENCE;
import static io.weir.reactive.transport.LinkTestKit.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.EventLoop;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.resolver.dns.SingletonDnsServerAddressStreamProvider;
import io.weir.core.peer.AddressFamily;
import io.weir.reactive.transport.dns.DnsServer;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.netty.resources.LoopResources;
import reactor.test.StepVerifier;

/** Names looked up at a server on the loopback interface. */
class SystemNamesTest {

    private final DnsServer server = new DnsServer();
    private final LoopResources loops = LoopResources.create("names-test", 1, true);
    private final EventLoop loop = loops.onClient(false).next();
    private final SystemNames names = new SystemNames(
            loops,
            false,
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
        StepVerifier.create(names.lookUp("peer.test", AddressFamily.IPV4, loop))
                .expectError(UnknownHostException.class)
                .verify(PATIENCE);
        server.fails(DnsResponseCode.NOERROR);
        server.has("peer.test", DnsRecordType.A, 60, DnsServer.ip("192.0.2.1"));

        assertThat(lookUp(AddressFamily.IPV4)).hasSize(1);
    }

    private List<InetAddress> lookUp(AddressFamily family) {
        return lookUp("peer.test", family);
    }

    private List<InetAddress> lookUp(String name, AddressFamily family) {
        return await(names.lookUp(name, family, loop));
    }
}
