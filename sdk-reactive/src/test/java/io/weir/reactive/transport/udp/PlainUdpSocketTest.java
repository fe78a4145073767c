package io.weir.reactive.transport.udp;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Native sockets on a system that neither cuts datagrams apart nor joins them. */
class PlainUdpSocketTest extends UdpSocketTest {

    @Override
    boolean offload() {
        return false;
    }

    @Test
    void takesOneDatagramAtATime() throws Exception {
        Assumptions.assumeTrue(Epoll.isAvailable(), "no epoll");
        UdpSocket socket = (UdpSocket) open();

        assertThat(((EpollDatagramChannel) socket.channel()).config().isUdpGro())
                .isFalse();
        assertThat(socket.mostSegments()).isEqualTo(1);
    }
}
