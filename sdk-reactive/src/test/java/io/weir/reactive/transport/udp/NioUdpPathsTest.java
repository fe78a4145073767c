package io.weir.reactive.transport.udp;

/** The same on the JDK's channels, as on platforms without epoll. */
final class NioUdpPathsTest extends UdpPathsTest {

    @Override
    boolean preferNative() {
        return false;
    }
}
