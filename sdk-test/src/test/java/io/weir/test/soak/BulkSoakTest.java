package io.weir.test.soak;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.peer.PeerAddress;
import io.weir.reactive.transport.UdpOptions;
import io.weir.reactive.transport.quic.QuicTransport;
import io.weir.reactive.transport.udp.UdpTransport;
import io.weir.test.network.LinkProfile;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * {@link BulkLoad} over UDP and over QUIC for {@code -Dweir.soak.minutes}, by default 30: nothing accepted is lost, every count adds up, and
 * memory stays flat, what native libraries hold included.
 */
class BulkSoakTest {

    private static final long MINUTES = 30;
    private static final Duration MOMENT = Duration.ofSeconds(3);

    /** As much loss as in 4G, so near that several times as much comes through under it. */
    private static final LinkProfile NEAR = LinkProfile.WIFI.withLoss(LinkProfile.G4.loss());

    @Test
    @Tag("soak")
    @Timeout(value = 1, unit = TimeUnit.DAYS)
    void memoryStaysFlatAndNothingIsLostOverUdp() throws Exception {
        try (BulkLoad load = udp(LinkProfile.G4)) {
            UsedMemory.assertFlat(Soak.run(load, Soak.length(MINUTES)));
        }
    }

    @Test
    @Tag("soak")
    @Timeout(value = 1, unit = TimeUnit.DAYS)
    void memoryStaysFlatAndNothingIsLostOverQuic() throws Exception {
        try (BulkLoad load = quic(NEAR)) {
            UsedMemory.assertFlat(Soak.run(load, Soak.length(MINUTES)));
        }
    }

    /** The same for a moment, too short to tell anything of memory. */
    @Test
    void everyCountAddsUpOverUdp() throws Exception {
        try (BulkLoad load = udp(NEAR)) {
            assertThat(Soak.run(load, MOMENT)).isNotEmpty();
        }
    }

    @Test
    void everyCountAddsUpOverQuic() throws Exception {
        try (BulkLoad load = quic(NEAR)) {
            assertThat(Soak.run(load, MOMENT)).isNotEmpty();
        }
    }

    private static BulkLoad udp(LinkProfile profile) {
        return new BulkLoad(PeerAddress.udp("127.0.0.1", 0), UdpTransport.create(1, UdpOptions.defaults()), profile);
    }

    private static BulkLoad quic(LinkProfile profile) {
        return new BulkLoad(PeerAddress.quic("127.0.0.1", 0), QuicTransport.create(1, UdpOptions.defaults()), profile);
    }
}
