package io.weir.reactive.transport.tcp;

import io.weir.core.peer.PeerAddress;
import io.weir.reactive.transport.SessionContractTest;
import io.weir.reactive.transport.TcpOptions;
import io.weir.reactive.transport.Transport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** The contract of sessions over TCP. */
class TcpSessionTest extends SessionContractTest {

    @Override
    protected Transport newTransport() {
        return new TcpTransport(1, TcpOptions.defaults(), true);
    }

    @Override
    protected PeerAddress anywhere() {
        return PeerAddress.tcp("127.0.0.1", 0);
    }

    /** A port that was free a moment ago. */
    @Override
    protected PeerAddress nowhere() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return PeerAddress.tcp("127.0.0.1", socket.getLocalPort());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
