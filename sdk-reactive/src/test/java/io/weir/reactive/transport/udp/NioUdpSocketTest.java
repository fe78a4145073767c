package io.weir.reactive.transport.udp;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.socket.nio.NioDatagramChannel;
import io.weir.reactive.transport.netty.NettyLoops;
import org.junit.jupiter.api.Test;

/** The JDK's channels, as on platforms without epoll. */
class NioUdpSocketTest extends UdpSocketTest {

    @Override
    NettyLoops newLoops() {
        return new NettyLoops("udp-test", 2, false);
    }

    @Test
    void takesOneDatagramAtATimeForNobodyCutsThemApart() throws Exception {
        UdpSocket socket = (UdpSocket) open();

        assertThat(socket.channel()).isInstanceOf(NioDatagramChannel.class);
        assertThat(socket.mostSegments()).isEqualTo(1);
    }
}
