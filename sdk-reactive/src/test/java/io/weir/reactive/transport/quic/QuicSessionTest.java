package io.weir.reactive.transport.quic;

import io.weir.core.peer.PeerAddress;
import io.weir.reactive.transport.SessionContractTest;
import io.weir.reactive.transport.Transport;
import io.weir.reactive.transport.UdpOptions;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;

/** The contract of sessions over QUIC. */
class QuicSessionTest extends SessionContractTest {

    @Override
    protected Transport newTransport() {
        return new QuicTransport(1, UdpOptions.defaults(), true);
    }

    @Override
    protected PeerAddress anywhere() {
        return PeerAddress.quic("127.0.0.1", 0);
    }

    /** A port that was free a moment ago. */
    @Override
    protected PeerAddress nowhere() {
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            return PeerAddress.quic("127.0.0.1", socket.getLocalPort());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
