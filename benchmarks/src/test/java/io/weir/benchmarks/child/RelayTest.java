package io.weir.benchmarks.child;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.weir.test.network.LinkProfile;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import org.junit.jupiter.api.Test;

class RelayTest {
    private static final int PATIENCE_MILLIS = 20_000;

    @Test
    void standsAtAnAddressThatIsTheServersButForThePort() throws IOException {
        InetAddress loopback = InetAddress.getByName("127.0.0.1");
        try (DatagramSocket server = new DatagramSocket(0, loopback);
                DatagramSocket client = new DatagramSocket(0, loopback)) {
            server.setSoTimeout(PATIENCE_MILLIS);
            Relay relay = Relay.startNow("udp://127.0.0.1:" + server.getLocalPort() + "#id", LinkProfile.PERFECT);

            assertThat(relay.address()).matches("udp://127\\.0\\.0\\.1:\\d+#id");
            int port = Integer.parseInt(relay.address().replaceAll(".*:|#.*", ""));
            assertThat(port).isNotEqualTo(server.getLocalPort());
            client.send(new DatagramPacket(new byte[7], 7, loopback, port));
            DatagramPacket come = new DatagramPacket(new byte[10], 10);
            server.receive(come);
            assertThat(come.getLength()).isEqualTo(7);
            assertThat(relay.counts()).contains("to the server: DatagramCounts[came=1,");
        }
    }

    @Test
    void wantsAnAddressWithASocket() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Relay.startNow("shm://queue", LinkProfile.PERFECT))
                .withMessage("address = shm://queue, legal: with 127.0.0.1:port");
    }
}
